using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Reports;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;

namespace SparseRobust.Lab.Tests.Reports;

public class SeedReportTests
{
    private static readonly RunRecipe Recipe = new() { Task = new ShortcutNliTask(), Paradigm = new FullModel() };
    private static readonly Cell Plain = new("plain", Recipe);
    private static readonly Cell Better = new("better", Recipe);
    private static readonly Preset Two = new("test/two", "Two cells.", "none", [Plain, Better], [1, 2], [new("better", "plain")]);

    [Fact]
    public void Numbers_are_means_over_seeds_and_gains_are_paired()
    {
        var report = SeedReport.Of(Two, [(Plain, Result(1, 0.5)), (Plain, Result(2, 0.7)), (Better, Result(1, 0.6)), (Better, Result(2, 0.9))]);
        var plain = report.Rows.Single(row => row.Cell == "plain");
        Assert.Equal((0.6, 2, 1000), (Math.Round(plain.Value.Mean, 12), plain.Value.N, plain.Rows));
        Assert.Equal(0.1414213562, plain.Value.StandardDeviation!.Value, 9);
        var gain = Assert.Single(report.Differences).Gain;
        Assert.Equal(0.15, gain.Mean, 12);
        Assert.Equal(0.0707106781, gain.StandardDeviation!.Value, 9);
    }

    [Fact]
    public void Only_seeds_that_both_cells_have_are_compared()
    {
        var report = SeedReport.Of(Two, [(Plain, Result(1, 0.5)), (Better, Result(1, 0.6)), (Better, Result(2, 0.9))]);
        Assert.Equal(1, Assert.Single(report.Differences).Gain.N);
    }

    [Fact]
    public void The_page_names_n_majority_and_interval()
    {
        var text = SeedReport.Of(Two, [(Plain, Result(1, 0.5)), (Better, Result(1, 0.6))]).ToMarkdown();
        Assert.Contains("| plain | 0.00 % | d | dev | all | 50.00 | n = 1 | n = 1 | 1 | 1,000 |", text, StringComparison.Ordinal);
        // Wilson's interval of 500 in 1,000: 0.5 +- 0.03093.
        Assert.Contains("| plain | d | dev | 50.00 | 34.00 | 46.91 to 53.09 | 1,000 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Grades_are_told_by_their_correlations_and_have_no_majority()
    {
        var report = SeedReport.Of(Two, [(Plain, Graded(1, 0.5)), (Plain, Graded(2, null)), (Better, Graded(1, 0.6)), (Better, Graded(2, 0.9))]);
        Assert.Equal([("plain", "pearson", 1), ("plain", "spearman", 2), ("better", "pearson", 2), ("better", "spearman", 2)], report.Rows.Select(row => (row.Cell, row.Metric, row.Value.N)));
        // The second seed of the plain cell answered every row alike: no correlation, so only the first is compared.
        Assert.Equal([("pearson", 1, 0.1), ("spearman", 2, 0)], report.Differences.Select(difference => (difference.Metric, difference.Gain.N, Math.Round(difference.Gain.Mean, 12))));
        var text = report.ToMarkdown();
        Assert.Contains("| stsb | dev | 1,500 | 1,500 | no classes |", text, StringComparison.Ordinal);
        Assert.Contains("| better | 0.00 % | stsb | dev | pearson | 75.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| better | plain | stsb | dev, pearson | 10.00 | n = 1 | n = 1 | 1 |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("majority class |", text[text.IndexOf("no classes", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static RunResult Graded(long seed, double? pearson)
    {
        Score Of(string metric, double value) => new("stsb", "dev", "all", metric, value, 1500, "", false);
        return Result(seed, 0) with
        {
            Datasets = [new DatasetUse("stsb", "dev", new string('0', 64), 1500, 1500, 0, 0, 1) { IsGraded = true }],
            Stages = [new StageResult("evaluate", "h", false, 1, null, [.. pearson is { } r ? [Of("pearson", r)] : Array.Empty<Score>(), Of("spearman", 0.25), Of("loss", 2)])],
        };
    }

    [Fact]
    public void Tasks_of_one_preset_keep_their_own_sets_and_metrics()
    {
        Cell cola = new("CoLA", Recipe with { Task = new GlueTask { Name = GlueName.Cola } }), stsb = new("STS-B", Recipe with { Task = new GlueTask { Name = GlueName.Stsb } });
        var report = SeedReport.Of(
            new Preset("test/tasks", "Two tasks.", "none", [cola, stsb], [1, 2], []),
            [(cola, Result("cola", 0.5, 1, ("accuracy", 0.7), ("matthews", 0.1))), (cola, Result("cola", 0.5, 2, ("accuracy", 0.7), ("matthews", 0.3))), (stsb, Result("stsb", 0, 1, ("pearson", 0.2), ("loss", 2)))]);
        Assert.Equal(["cola", "stsb"], report.Datasets.Select(use => use.Name));
        Assert.Equal(["CoLA matthews 0.2 2", "STS-B pearson 0.2 1"], report.Rows.Where(row => row.Metric != "accuracy").Select(row => FormattableString.Invariant($"{row.Cell} {row.Metric} {row.Value.Mean} {row.Value.N}")));
        var text = report.ToMarkdown();
        Assert.Contains("| STS-B | 0.00 % | stsb | dev | pearson | 20.00 | n = 1 | n = 1 | 1 | 1,000 |", text, StringComparison.Ordinal);
        Assert.Contains("| stsb | dev | 1,000 | not published | no classes |", text, StringComparison.Ordinal);
    }

    private static RunResult Result(string dataset, double majority, long seed, params (string Metric, double Value)[] scores) => Result(seed, 0) with
    {
        Datasets = [new DatasetUse(dataset, "dev", new string('0', 64), 1000, null, 0, 0, majority) { IsGraded = dataset == "stsb" }],
        Stages = [new StageResult("evaluate", "h", false, 1, null, [.. scores.Select(score => new Score(dataset, "dev", "all", score.Metric, score.Value, 1000, "", false))])],
    };

    private static RunResult Result(long seed, double accuracy) => new()
    {
        RunId = $"r-{seed}", RecipeHash = "r", Seed = seed, GitCommit = "c", Device = "cpu", Engine = "e", LiveTensors = 0, WallSeconds = 1,
        Datasets = [new DatasetUse("d", "dev", new string('0', 64), 1000, null, 0, 0, 0.34)],
        Stages = [new StageResult("evaluate", "h", false, 1, null, [new Score("d", "dev", "all", "accuracy", accuracy, 1000, "", false)])],
    };
}
