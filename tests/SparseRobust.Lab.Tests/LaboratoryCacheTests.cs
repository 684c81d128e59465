using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests;

/// <summary>The cache of tokenised data in whole runs, on a few rows of MNLI and HANS.</summary>
public sealed class LaboratoryCacheTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly DataFolder _data = new();

    public LaboratoryCacheTests()
    {
        _data.Write("mnli/dev_matched.jsonl", DataFolder.FixtureText("mnli.jsonl"));
        _data.Write("mnli/train_subset.jsonl", string.Concat(Enumerable.Repeat(DataFolder.FixtureText("mnli.jsonl"), 3)));
        _data.Write("hans/heuristics_evaluation_set.txt", DataFolder.FixtureText("hans.txt"));
        _data.Write("vocab.txt", string.Join('\n', "[PAD] [UNK] [CLS] [SEP] [MASK] the a".Split(' ')) + "\n");
    }

    private static RunRecipe Recipe { get; } = new()
    {
        Task = new MnliHansTask(),
        Vocabulary = new FileVocabulary { Path = "vocab.txt" },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64 },
        MaxLength = 64,
        Truncation = Truncation.LongestFirst,
        Paradigm = new FullModel { FineTuning = new TrainingSpec { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 4, OutOfDistributionSampleRows = 4 } },
    };

    public void Dispose()
    {
        _data.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_run_has_the_same_weights_and_scores_whether_its_cache_was_made_found_damaged_or_deleted()
    {
        var (made, notes) = Run();
        Assert.Empty(notes);
        var files = CacheFiles();
        Assert.Equal(3, files.Length);
        AssertSame(made, Run(), expectedNotes: 0);
        var damaged = File.ReadAllBytes(files[0]);
        File.WriteAllBytes(files[0], damaged[..^1]);
        AssertSame(made, Run(), expectedNotes: 1);
        Directory.Delete(_root.File("cache"), recursive: true);
        AssertSame(made, Run(), expectedNotes: 0);
        Assert.Equal(files, CacheFiles());
    }

    [Fact]
    public void A_plan_leaves_what_the_run_will_need_and_nothing_else()
    {
        using var laboratory = Laboratory();
        laboratory.Plan(Recipe, 1, CancellationToken.None);
        Assert.Equal(3, CacheFiles().Length);
        Assert.Equal([_root.File("cache")], Directory.GetFileSystemEntries(_root.Path));
    }

    [Fact]
    public void A_file_that_was_replaced_is_read_again_and_makes_other_stages()
    {
        using var laboratory = Laboratory();
        var first = laboratory.Plan(Recipe, 1, CancellationToken.None);
        Assert.Equal(first, laboratory.Plan(Recipe, 1, CancellationToken.None));
        _data.Write("hans/heuristics_evaluation_set.txt", DataFolder.FixtureText("hans.txt") + "\n");
        var second = laboratory.Plan(Recipe, 1, CancellationToken.None);
        Assert.Empty(first.Select(stage => stage.Hash).Intersect(second.Select(stage => stage.Hash)));
    }

    [LinuxFact("/proc/self/maps")]
    public void Nothing_stays_mapped_of_a_laboratory_that_is_let_go_nor_of_data_that_it_no_longer_uses()
    {
        using var laboratory = Laboratory();
        laboratory.Plan(Recipe, 1, CancellationToken.None);
        Assert.Equal(CacheFiles(), Mapped());
        laboratory.Plan(Recipe with { MaxLength = 60 }, 1, CancellationToken.None);
        Assert.Equal((6, 3), (CacheFiles().Length, Mapped().Length));
        laboratory.Dispose();
        Assert.Empty(Mapped());
        laboratory.Plan(Recipe, 1, CancellationToken.None);
        Assert.Equal(3, Mapped().Length);
    }

    [LinuxFact("/proc/self/maps")]
    public void Data_that_is_refused_in_the_middle_leaves_nothing_mapped()
    {
        var longest = string.Join(' ', Enumerable.Repeat("the", 70));
        _data.Write("mnli/dev_matched.jsonl", DataFolder.FixtureText("mnli.jsonl") + $$"""{"gold_label": "neutral", "sentence1": "{{longest}}", "sentence2": "a", "pairID": "too-long"}""" + "\n");
        using var laboratory = Laboratory();
        var refusal = Assert.Throws<LabException>(() => laboratory.Plan(Recipe with { Truncation = Truncation.Refuse }, 1, CancellationToken.None));
        Assert.Contains("mnli dev_matched, row \"too-long\"", refusal.Message, StringComparison.Ordinal);
        Assert.Single(CacheFiles());
        Assert.Empty(Mapped());
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_a_problem_with_a_name()
    {
        File.WriteAllText(_root.File("cache"), "a file, not a folder");
        using var laboratory = Laboratory();
        Assert.Equal(ProblemCode.FileInaccessible, Assert.Throws<LabException>(() => laboratory.Plan(Recipe, 1, CancellationToken.None)).Code);
    }

    private static void AssertSame((byte[] Weights, string Scores) expected, ((byte[] Weights, string Scores) Outcome, IReadOnlyList<Noted> Notes) run, int expectedNotes)
    {
        Assert.Equal(expected.Weights, run.Outcome.Weights);
        Assert.Equal(expected.Scores, run.Outcome.Scores);
        Assert.Equal(expectedNotes, run.Notes.Count);
        Assert.All(run.Notes, note => Assert.Equal("data", note.Stage));
    }

    private ((byte[] Weights, string Scores) Outcome, IReadOnlyList<Noted> Notes) Run()
    {
        foreach (var folder in new[] { "runs", "stages" }.Select(name => _root.File(name)).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        using var laboratory = Laboratory();
        var result = laboratory.Run(Recipe, 1, new Silent(), CancellationToken.None);
        var notes = RunJournal.ReadAfter(RunDirectory.JournalPathOf(RunDirectory.FolderOf(_root.Path, result.RunId)), 0).OfType<Noted>().Where(note => note.Stage == "data");
        return ((File.ReadAllBytes(_root.File("stages", result.Stages[0].Hash, "model.safetensors")), string.Join('\n', result.Stages[1].Scores)), [.. notes]);
    }

    private Laboratory Laboratory() => new(new LaboratoryOptions(_root.Path, _data.Folders), TimeProvider.System);

    private string[] CacheFiles() => [.. Directory.GetFiles(_root.File("cache", "tokens")).Order(StringComparer.Ordinal)];

    private string[] Mapped() =>
        [.. File.ReadLines("/proc/self/maps").Where(line => line.Contains(_root.Path, StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct().Order(StringComparer.Ordinal)];

    private sealed class Silent : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
        }
    }
}
