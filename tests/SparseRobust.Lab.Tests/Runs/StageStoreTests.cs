using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class StageStoreTests : IDisposable
{
    private const string Hash = "0123456789ab";

    private readonly TemporaryFolder _root = new();
    private readonly StageStore _store;

    public StageStoreTests() => _store = new StageStore(_root.Path);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_stage_is_complete_only_after_Complete()
    {
        using var held = _store.TryLock(Hash);
        var work = _store.BeginWork(Hash);
        Finish(work, "first");
        Assert.False(_store.IsComplete(Hash));
        _store.Complete(Hash);
        Assert.True(_store.IsComplete(Hash));
        Assert.Equal("first", File.ReadAllText(Path.Combine(_store.Path(Hash), "sub", "model")));
        Assert.False(Directory.Exists(work));
    }

    [Fact]
    public void Completing_twice_keeps_the_first_output()
    {
        using var held = _store.TryLock(Hash);
        Finish(_store.BeginWork(Hash), "first");
        _store.Complete(Hash);
        _store.Complete(Hash);
        Finish(_store.BeginWork(Hash), "second");
        _store.Complete(Hash);
        Assert.Equal("first", File.ReadAllText(Path.Combine(_store.Path(Hash), "sub", "model")));
        Assert.False(Directory.Exists(_store.Path(Hash) + ".work"));
    }

    [Fact]
    public void Work_of_a_killed_process_is_kept_but_for_its_half_written_files()
    {
        using (_store.TryLock(Hash))
        {
            var work = _store.BeginWork(Hash);
            File.WriteAllText(Path.Combine(work, "last.ckpt"), "step 10");
            File.WriteAllText(Path.Combine(work, ".writing-1"), "half");
        }

        var later = new StageStore(_root.Path);
        using var held = later.TryLock(Hash);
        Assert.Equal(["last.ckpt"], Directory.GetFiles(later.BeginWork(Hash)).Select(Path.GetFileName));
        later.DiscardWork(Hash);
        Assert.Empty(Directory.GetFiles(later.BeginWork(Hash)));
    }

    [Fact]
    public void A_work_folder_without_stage_file_cannot_be_completed()
    {
        using var held = _store.TryLock(Hash);
        _store.BeginWork(Hash);
        Assert.Throws<InvalidOperationException>(() => _store.Complete(Hash));
        Assert.False(Directory.Exists(_store.Path(Hash)));
    }

    [Fact]
    public void A_damaged_output_is_replaced()
    {
        Directory.CreateDirectory(_store.Path(Hash));
        using var held = _store.TryLock(Hash);
        Finish(_store.BeginWork(Hash), "new");
        _store.Complete(Hash);
        Assert.True(_store.IsComplete(Hash));
    }

    [Fact]
    public void Only_one_store_works_on_a_stage_at_a_time()
    {
        var other = new StageStore(_root.Path);
        var first = _store.TryLock(Hash);
        Assert.NotNull(first);
        Assert.Null(other.TryLock(Hash));
        Assert.Null(_store.TryLock(Hash));
        Assert.Throws<InvalidOperationException>(() => other.BeginWork(Hash));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => other.Lock(Hash, cancelled.Token));
        first.Dispose();
        using var second = other.Lock(Hash, CancellationToken.None);
        first.Dispose();
        Assert.Throws<InvalidOperationException>(() => _store.BeginWork(Hash));
        Assert.Null(_store.TryLock(Hash));
    }

    [Fact]
    public async Task Whoever_waits_finds_the_stage_done()
    {
        var held = _store.TryLock(Hash)!;
        var waiting = Task.Run(() =>
        {
            using var taken = new StageStore(_root.Path).Lock(Hash, CancellationToken.None);
            return _store.IsComplete(Hash);
        });
        Finish(_store.BeginWork(Hash), "x");
        _store.Complete(Hash);
        held.Dispose();
        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static void Finish(string work, string text)
    {
        DurableFile.Write(Path.Combine(work, "sub", "model"), text);
        DurableFile.Write(Path.Combine(work, StageStore.StageFile), "{}");
    }
}
