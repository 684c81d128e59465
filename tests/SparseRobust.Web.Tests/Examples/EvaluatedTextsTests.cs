using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Examples;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Examples;

public sealed class EvaluatedTextsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sparserobust-texts-");
    private readonly ManualTime _time = new();
    private readonly EvaluatedTexts _texts;

    public EvaluatedTextsTests() => _texts = new EvaluatedTexts(new DatasetFolders([_folder.FullName]), _time);

    public void Dispose()
    {
        _texts.Dispose();
        _folder.Delete(recursive: true);
    }

    private static RunRow Run(string task) => new()
    {
        Id = "run", RecipeHash = "hash", Seed = 1, Task = "task", Model = "bert", Paradigm = "full-model", CreatedAt = default,
        Recipe = $$$"""{"task":{{{task}}},"vocabulary":{"kind":"file","path":"vocab.txt"},"paradigm":{"kind":"full-model"}}""",
    };

    private static RunRow Shortcut(int rows) => Run($$"""{"kind":"shortcut-nli","train_rows":300,"evaluation_rows":{{rows}}}""");

    private static readonly RunRow Hans = Run("""{"kind":"mnli-hans"}""");

    private static SetPredictions Evaluated(Dataset data) => new(
        data.Name, data.Split, data.Sha256, LabelSet.ThreeWayNli, data.Labels, [0, 1, 0], new Predictions(new float[3 * data.Examples.Count], 3), new float[data.Examples.Count]);

    private static SetPredictions Dev(int rows) => Evaluated(DatasetCatalog.Evaluated(new ShortcutNliTask { TrainRows = 300, EvaluationRows = rows }, new DatasetFolders([]), CancellationToken.None)[0]);

    private void WriteFiles()
    {
        foreach (var (fixture, name) in new[] { ("mnli.jsonl", "mnli/train.jsonl"), ("mnli.jsonl", "mnli/dev_matched.jsonl"), ("hans.txt", "hans/heuristics_evaluation_set.txt") })
        {
            var path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Checkout.Root, "tests", "Fixtures", "datasets", fixture), path);
        }
    }

    [Fact]
    public async Task A_set_is_read_once_for_all_who_ask()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _texts.FindAsync(Shortcut(90), Dev(90), CancellationToken.None)));
        Assert.Equal(90, found[0].Examples!.Count);
        Assert.All(found, each => Assert.Same(found[0].Examples, each.Examples));
        Assert.Equal(["heuristic", "overlap", "subcase"], found[0].Slices.Keys);
        Assert.Equal(["high", "low"], found[0].Slices["overlap"]);
    }

    [Fact]
    public async Task No_more_than_three_tasks_are_held_and_the_one_longest_unused_goes()
    {
        var first = await _texts.FindAsync(Shortcut(90), Dev(90), CancellationToken.None);
        foreach (var rows in new[] { 91, 92 })
            await LaterAsync(rows);
        Assert.Same(first.Examples, (await LaterAsync(90)).Examples);
        await LaterAsync(93);
        Assert.Equal(3, _texts.Count);
        Assert.Same(first.Examples, (await LaterAsync(90)).Examples);

        async Task<SetTexts> LaterAsync(int rows)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return await _texts.FindAsync(Shortcut(rows), Dev(rows), CancellationToken.None);
        }
    }

    [Fact]
    public async Task What_nobody_asked_for_in_ten_minutes_is_let_go()
    {
        await _texts.FindAsync(Shortcut(90), Dev(90), CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(9));
        _time.Fire();
        Assert.Equal(1, _texts.Count);
        _time.Advance(TimeSpan.FromMinutes(2));
        _time.Fire();
        Assert.Equal(0, _texts.Count);
    }

    [Fact]
    public async Task A_dataset_that_is_missing_is_looked_for_again_after_a_minute()
    {
        var set = Evaluated(new Dataset("hans", "evaluation", LabelSet.TwoWayNli, [], "sha"));
        Assert.Contains(_folder.FullName, (await _texts.FindAsync(Hans, set, CancellationToken.None)).Missing, StringComparison.Ordinal);
        WriteFiles();
        Assert.Contains(_folder.FullName, (await _texts.FindAsync(Hans, set, CancellationToken.None)).Missing, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("another one", (await _texts.FindAsync(Hans, set, CancellationToken.None)).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changes_is_read_again_and_is_no_more_what_was_evaluated()
    {
        WriteFiles();
        var set = Evaluated(DatasetCatalog.Evaluated(new MnliHansTask(), new DatasetFolders([_folder.FullName]), CancellationToken.None)[1]);
        Assert.NotNull((await _texts.FindAsync(Hans, set, CancellationToken.None)).Examples);
        var hans = Path.Combine(_folder.FullName, "hans/heuristics_evaluation_set.txt");
        await File.WriteAllLinesAsync(hans, (await File.ReadAllLinesAsync(hans))[..^1]);
        var changed = await _texts.FindAsync(Hans, set, CancellationToken.None);
        Assert.Null(changed.Examples);
        Assert.Contains(set.Sha256, changed.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_that_the_task_does_not_have_has_no_texts() =>
        Assert.Contains("paws", (await _texts.FindAsync(Shortcut(90), Dev(90) with { Dataset = "paws" }, CancellationToken.None)).Missing, StringComparison.Ordinal);

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private Action? _fire;

        public void Advance(TimeSpan time) => _now += time;

        public void Fire() => _fire!();

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
