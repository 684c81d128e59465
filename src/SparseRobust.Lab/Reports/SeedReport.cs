using System.Globalization;
using System.Text;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Reports;

/// <summary>A number over seeds.</summary>
/// <param name="Cell">Recipe.</param>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Slice">Part of the split.</param>
/// <param name="Sparsity">Sparsity of the evaluated model over the encoder's weights; 0 for dense.</param>
/// <param name="Rows">Rows each seed's number is over.</param>
/// <param name="Accuracy">Mean, standard deviation and 95 % t-interval over seeds, accuracies in [0, 1].</param>
public sealed record SeedRow(string Cell, string Dataset, string Split, string Slice, double Sparsity, int Rows, Interval Accuracy);

/// <summary>A number over seeds of a task whose metric is not accuracy.</summary>
/// <param name="Cell">Recipe.</param>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Metric">The task's own metric: matthews, pearson.</param>
/// <param name="Rows">Rows each seed's number is over.</param>
/// <param name="Value">Mean, standard deviation and 95 % t-interval over seeds.</param>
public sealed record SeedMetric(string Cell, string Dataset, string Split, string Metric, int Rows, Interval Value);

/// <summary>A difference of accuracy between two cells over equal seeds.</summary>
/// <param name="Cell">The cell whose gain it is.</param>
/// <param name="Against">The cell it is measured against.</param>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Gain">Mean, standard deviation and 95 % t-interval of the paired differences.</param>
public sealed record SeedDifference(string Cell, string Against, string Dataset, string Split, Interval Gain);

/// <summary>A preset's results over seeds: every full-set accuracy, the compared gains, and the baselines.</summary>
/// <param name="Preset">Name of the preset.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Seeds">Seeds, in order.</param>
/// <param name="GitCommit">Commits of the programs that ran it.</param>
/// <param name="Datasets">Rows and majority baselines.</param>
/// <param name="Rows">Numbers over seeds.</param>
/// <param name="Differences">Compared gains over all seeds.</param>
public sealed record SeedReport(
    string Preset, string Description, IReadOnlyList<long> Seeds, string GitCommit,
    IReadOnlyList<DatasetUse> Datasets, IReadOnlyList<SeedRow> Rows, IReadOnlyList<SeedDifference> Differences)
{
    /// <summary>The tasks' own metrics over whole sets, where they are not accuracy.</summary>
    public IReadOnlyList<SeedMetric> OwnMetrics { get; init; } = [];

    /// <summary>Groups runs by recipe. Only the last evaluated model of a run counts: the pruned one where there is one.</summary>
    public static SeedReport Of(Preset preset, IReadOnlyList<(Cell Cell, RunResult Result)> runs)
    {
        var cells = runs.GroupBy(run => run.Cell.Name).ToList();
        return new SeedReport(
            preset.Name, preset.Description, [.. runs.Select(run => run.Result.Seed).Distinct()], string.Join(", ", runs.Select(run => run.Result.GitCommit).Distinct()), [.. runs.SelectMany(run => run.Result.Datasets).DistinctBy(use => (use.Name, use.Split))],
            [.. cells.SelectMany(cell => RowsOf(cell.Key, [.. cell.Select(run => run.Result)]))],
            [.. preset.Comparisons.SelectMany(comparison => DifferencesOf(comparison, runs))])
        {
            OwnMetrics = [.. cells.SelectMany(cell => MetricsOf(cell.First().Cell, [.. cell.Select(run => run.Result)]))],
        };
    }

    /// <summary>The report as Markdown tables.</summary>
    /// <param name="withSlices">Whether the long table by heuristic and gold label is part of it.</param>
    public string ToMarkdown(bool withSlices = true)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Preset}\n\n{Description}\n\nSeeds {string.Join(", ", Seeds)}. Built from commit {GitCommit}.\n\n");
        text.Append("| dataset | split | rows | of published | majority class | truncated rows | broken rows | sha256 |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var use in Datasets)
            text.Append(CultureInfo.InvariantCulture, $"| {use.Name} | {use.Split} | {use.Rows:N0} | {(use.PublishedRows is { } all ? all.ToString("N0", CultureInfo.InvariantCulture) : "generated")} | {(use.MajorityShare > 0 ? FormattableString.Invariant($"{100 * use.MajorityShare:0.0} %") : "graded")} | {use.TruncatedRows} | {use.BrokenRows} | {use.Sha256[..12]} |\n");
        AppendRows(text, "Accuracy, full sets", Rows.Where(row => row.Slice == "all"));
        AppendMetrics(text);
        AppendMajority(text);
        AppendDifferences(text);
        if (withSlices)
            AppendRows(text, "Accuracy by heuristic and gold label", Rows.Where(row => row.Slice.StartsWith("heuristic=", StringComparison.Ordinal) && row.Slice.Contains(",label=", StringComparison.Ordinal)));
        return text.ToString();
    }

    private static IEnumerable<SeedRow> RowsOf(string cell, IReadOnlyList<RunResult> results)
    {
        var scored = results.Select(result => (Sparsity: result.Stages.LastOrDefault(stage => stage.Sparsity is not null)?.Sparsity ?? 0, Scores: LastScores(result))).ToList();
        return scored.SelectMany(run => run.Scores.Select(score => (run.Sparsity, Score: score)))
            .Where(entry => entry.Score.Metric == "accuracy")
            .GroupBy(entry => (entry.Score.Dataset, entry.Score.Split, entry.Score.Slice))
            .Select(group => new SeedRow(
                cell, group.Key.Dataset, group.Key.Split, group.Key.Slice, group.Average(entry => entry.Sparsity), group.First().Score.N,
                Interval.Of([.. group.Select(entry => entry.Score.Value)])));
    }

    private static IEnumerable<SeedMetric> MetricsOf(Cell cell, IReadOnlyList<RunResult> results)
    {
        var metric = cell.Recipe.Task.ReportedMetric;
        return results.SelectMany(LastScores).Where(score => score.Slice == "all" && score.Metric == metric && metric != "accuracy")
            .GroupBy(score => (score.Dataset, score.Split))
            .Select(group => new SeedMetric(cell.Name, group.Key.Dataset, group.Key.Split, metric, group.First().N, Interval.Of([.. group.Select(score => score.Value)])));
    }

    private static IEnumerable<SeedDifference> DifferencesOf(Comparison comparison, IReadOnlyList<(Cell Cell, RunResult Result)> runs)
    {
        var left = BySeed(comparison.Cell, runs);
        var right = BySeed(comparison.Against, runs);
        var seeds = left.Keys.Intersect(right.Keys).ToList();
        return seeds.Count == 0
            ? []
            : Whole(left[seeds[0]]).Select(score => new SeedDifference(
                comparison.Cell, comparison.Against, score.Dataset, score.Split,
                PairedDifference.Of(
                    [.. seeds.Select(seed => Accuracy(left[seed], score))],
                    [.. seeds.Select(seed => Accuracy(right[seed], score))]).Difference));
    }

    private static Dictionary<long, IReadOnlyList<Score>> BySeed(string cell, IReadOnlyList<(Cell Cell, RunResult Result)> runs) =>
        runs.Where(run => run.Cell.Name == cell).ToDictionary(run => run.Result.Seed, run => LastScores(run.Result));

    private static IReadOnlyList<Score> LastScores(RunResult result) => result.Stages.Last(stage => stage.Scores.Count > 0).Scores;

    private static IEnumerable<Score> Whole(IReadOnlyList<Score> scores) => scores.Where(score => score is { Slice: "all", Metric: "accuracy" });

    private static double Accuracy(IReadOnlyList<Score> scores, Score like) =>
        Whole(scores).Single(score => score.Dataset == like.Dataset && score.Split == like.Split).Value;

    private static void AppendRows(StringBuilder text, string title, IEnumerable<SeedRow> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\nPer cent, mean over seeds; n is the number of seeds, rows the size of the set.\n\n| recipe | sparsity | dataset | split | slice | mean | std | 95 % interval | n | rows |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in list)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Cell} | {100 * row.Sparsity:0.00} % | {row.Dataset} | {row.Split} | {row.Slice} | {Numbers(row.Accuracy)} | {row.Rows:N0} |\n");
    }

    private void AppendMetrics(StringBuilder text)
    {
        if (OwnMetrics.Count == 0)
            return;
        text.Append("\n## The tasks' own metrics, full sets\n\nTimes 100, mean over seeds; n is the number of seeds, rows the size of the set.\n\n| recipe | dataset | split | metric | mean | std | 95 % interval | n | rows |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in OwnMetrics)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Cell} | {row.Dataset} | {row.Split} | {row.Metric} | {Numbers(row.Value)} | {row.Rows:N0} |\n");
    }

    /// <summary>Each recipe's dev accuracy against always guessing the majority class, with the interval that the number of rows alone allows.</summary>
    private void AppendMajority(StringBuilder text)
    {
        text.Append("\n## Against the majority class\n\nPer cent. The interval is Wilson's 95 % for one run of the mean accuracy over that many rows; a recipe learned something when it lies above the majority class.\n\n| recipe | dataset | split | mean | majority class | Wilson interval | rows |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in Rows.Where(row => row.Slice == "all"))
        {
            var use = Datasets.Single(use => use.Name == row.Dataset && use.Split == row.Split);
            var wilson = new Proportion((int)Math.Round(row.Accuracy.Mean * row.Rows), row.Rows);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Cell} | {row.Dataset} | {row.Split} | {100 * row.Accuracy.Mean:0.00} | {100 * use.MajorityShare:0.00} | {100 * wilson.WilsonLower:0.00} to {100 * wilson.WilsonUpper:0.00} | {row.Rows:N0} |\n");
        }
    }

    private void AppendDifferences(StringBuilder text)
    {
        if (Differences.Count == 0)
            return;
        text.Append("\n## Gains over equal seeds\n\nPercentage points, paired by seed.\n\n| recipe | against | dataset | split | mean | std | 95 % interval | n |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var difference in Differences)
            text.Append(CultureInfo.InvariantCulture, $"| {difference.Cell} | {difference.Against} | {difference.Dataset} | {difference.Split} | {Numbers(difference.Gain)} |\n");
    }

    private static string Numbers(Interval interval) => string.Create(
        CultureInfo.InvariantCulture,
        $"{100 * interval.Mean:0.00} | {(interval.StandardDeviation is { } std ? (100 * std).ToString("0.00", CultureInfo.InvariantCulture) : "n = 1")} | {(interval is { Lower: { } lower, Upper: { } upper } ? FormattableString.Invariant($"{100 * lower:0.00} to {100 * upper:0.00}") : "n = 1")} | {interval.N}");
}
