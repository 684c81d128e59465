using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Reports;
using SparseRobust.Lab.Runs;

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
        Assert.Equal((0.6, 2, 1000), (Math.Round(plain.Accuracy.Mean, 12), plain.Accuracy.N, plain.Rows));
        Assert.Equal(0.1414213562, plain.Accuracy.StandardDeviation!.Value, 9);
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
    public void Tasks_of_one_preset_keep_their_own_sets_and_metrics()
    {
        Cell cola = new("CoLA", Recipe with { Task = new GlueTask { Name = GlueName.Cola } }), stsb = new("STS-B", Recipe with { Task = new GlueTask { Name = GlueName.Stsb } });
        var report = SeedReport.Of(
            new Preset("test/tasks", "Two tasks.", "none", [cola, stsb], [1, 2], []),
            [(cola, Result("cola", 0.5, 1, ("accuracy", 0.7), ("matthews", 0.1))), (cola, Result("cola", 0.5, 2, ("accuracy", 0.7), ("matthews", 0.3))), (stsb, Result("stsb", 0, 1, ("pearson", 0.2), ("loss", 2)))]);
        Assert.Equal(["cola", "stsb"], report.Datasets.Select(use => use.Name));
        Assert.Equal(["CoLA matthews 0.2 2", "STS-B pearson 0.2 1"], report.OwnMetrics.Select(row => FormattableString.Invariant($"{row.Cell} {row.Metric} {row.Value.Mean} {row.Value.N}")));
        var text = report.ToMarkdown();
        Assert.Contains("| STS-B | stsb | dev | pearson | 20.00 | n = 1 | n = 1 | 1 | 1,000 |", text, StringComparison.Ordinal);
        Assert.Contains("| stsb | dev | 1,000 | generated | graded |", text, StringComparison.Ordinal);
    }

    private static RunResult Result(string dataset, double majority, long seed, params (string Metric, double Value)[] scores) => Result(seed, 0) with
    {
        Datasets = [new DatasetUse(dataset, "dev", new string('0', 64), 1000, null, 0, 0, majority)],
        Stages = [new StageResult("evaluate", "h", false, 1, null, [.. scores.Select(score => new Score(dataset, "dev", "all", score.Metric, score.Value, 1000, "", false))])],
    };

    private static RunResult Result(long seed, double accuracy) => new()
    {
        RunId = $"r-{seed}", RecipeHash = "r", Seed = seed, GitCommit = "c", Device = "cpu", Engine = "e", LiveTensors = 0, WallSeconds = 1,
        Datasets = [new DatasetUse("d", "dev", new string('0', 64), 1000, null, 0, 0, 0.34)],
        Stages = [new StageResult("evaluate", "h", false, 1, null, [new Score("d", "dev", "all", "accuracy", accuracy, 1000, "", false)])],
    };
}
