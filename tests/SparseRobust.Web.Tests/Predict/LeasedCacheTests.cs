using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Predict;

public sealed class LeasedCacheTests
{
    private readonly List<string> _loaded = [];
    private readonly List<string> _freed = [];

    // Not async: a loading must have ended for the cache the moment the test ends it.
    private LeasedCache<string> Cache(int capacity, Func<string, Task<string>>? load = null) => new(capacity, key =>
    {
        lock (_loaded)
            _loaded.Add(key);
        return load is null ? Task.FromResult(key) : load(key);
    }, value =>
    {
        _freed.Add(value);
        return Task.CompletedTask;
    });

    private static async Task UseAsync(LeasedCache<string> cache, string key) => (await cache.RentAsync(key, CancellationToken.None))!.Dispose();

    [Fact]
    public async Task Concurrent_callers_share_one_loading()
    {
        var gate = new TaskCompletionSource<string>();
        var cache = Cache(2, _ => gate.Task);
        var rentals = Enumerable.Range(0, 10).Select(_ => cache.RentAsync("a", CancellationToken.None)).ToList();
        gate.SetResult("A");
        var leases = await Task.WhenAll(rentals);
        Assert.All(leases, lease => Assert.Equal("A", lease!.Value));
        Assert.Equal(["a"], _loaded);
    }

    [Fact]
    public async Task The_one_idle_longest_makes_room()
    {
        var cache = Cache(2);
        await UseAsync(cache, "a");
        await UseAsync(cache, "b");
        await UseAsync(cache, "a");
        await UseAsync(cache, "c");
        Assert.Equal(["b"], _freed);
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public async Task What_is_in_use_is_not_freed()
    {
        var cache = Cache(2);
        using var held = await cache.RentAsync("a", CancellationToken.None);
        await UseAsync(cache, "b");
        await UseAsync(cache, "c");
        Assert.Equal(["b"], _freed);
    }

    [Fact]
    public async Task When_all_are_in_use_there_is_no_place_until_one_is_returned()
    {
        var cache = Cache(1);
        var held = (await cache.RentAsync("a", CancellationToken.None))!;
        Assert.Null(await cache.RentAsync("b", CancellationToken.None));
        held.Dispose();
        using var other = await cache.RentAsync("b", CancellationToken.None);
        Assert.NotNull(other);
        Assert.Equal(["a"], _freed);
    }

    [Fact]
    public async Task Returning_a_lease_twice_counts_once()
    {
        var cache = Cache(1);
        using var first = await cache.RentAsync("a", CancellationToken.None);
        var second = (await cache.RentAsync("a", CancellationToken.None))!;
        second.Dispose();
        second.Dispose();
        Assert.Null(await cache.RentAsync("b", CancellationToken.None));
    }

    [Fact]
    public async Task A_failed_loading_fails_its_callers_and_is_tried_anew()
    {
        var fails = true;
        var cache = Cache(1, key => fails ? Task.FromException<string>(new IOException("gone")) : Task.FromResult(key));
        await Assert.ThrowsAsync<IOException>(() => cache.RentAsync("a", CancellationToken.None));
        Assert.Equal(0, cache.Count);
        fails = false;
        using var lease = await cache.RentAsync("a", CancellationToken.None);
        Assert.Equal("a", lease!.Value);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_stop_the_loading_for_others()
    {
        var gate = new TaskCompletionSource<string>();
        var cache = Cache(1, _ => gate.Task);
        using var leaving = new CancellationTokenSource();
        var gone = cache.RentAsync("a", leaving.Token);
        var stays = cache.RentAsync("a", CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.SetResult("A");
        using var lease = await stays;
        Assert.Equal("A", lease!.Value);
        Assert.Equal(["a"], _loaded);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task A_loading_that_failed_after_its_caller_left_keeps_no_place(string next)
    {
        var gate = new TaskCompletionSource<string>();
        var cache = Cache(1, key => _loaded.Count == 1 ? gate.Task : Task.FromResult(key));
        using var leaving = new CancellationTokenSource();
        var gone = cache.RentAsync("a", leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.SetException(new IOException("gone"));
        using var lease = await cache.RentAsync(next, CancellationToken.None);
        Assert.Equal(next, lease!.Value);
        Assert.Empty(_freed);
    }

    [Fact]
    public async Task Clearing_frees_what_is_idle()
    {
        var cache = Cache(3);
        await UseAsync(cache, "a");
        using var held = await cache.RentAsync("b", CancellationToken.None);
        await cache.ClearAsync();
        Assert.Equal(["a"], _freed);
        Assert.Equal(1, cache.Count);
    }
}
