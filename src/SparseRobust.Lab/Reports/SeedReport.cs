using System.Globalization;
using System.Text;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Reports;

/// <summary>A number over seeds.</summary>
/// <param name="Cell">Recipe.</param>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Slice">Part of the split.</param>
/// <param name="Sparsity">Sparsity of the evaluated model over the encoder's weights; 0 for dense.</param>
/// <param name="Rows">Rows each seed's number is over.</param>
/// <param name="Metric">accuracy in [0, 1]; pearson and spearman, in [-1, 1], of a graded set; and what the task is told by where that is another (f1_positive, matthews).</param>
/// <param name="Value">Mean, standard deviation and 95 % t-interval over the seeds that have the metric.</param>
public sealed record SeedRow(string Cell, string Dataset, string Split, string Slice, double Sparsity, int Rows, string Metric, Interval Value);

/// <summary>A difference of a metric between two cells over equal seeds.</summary>
/// <param name="Cell">The cell whose gain it is.</param>
/// <param name="Against">The cell it is measured against.</param>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Metric">As in <see cref="SeedRow"/>.</param>
/// <param name="Gain">Mean, standard deviation and 95 % t-interval of the paired differences.</param>
public sealed record SeedDifference(string Cell, string Against, string Dataset, string Split, string Metric, Interval Gain);

/// <summary>A preset's results over seeds: every full-set accuracy (correlation, where rows have grades), the compared gains, and the baselines.</summary>
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
    private const string Accuracy = "accuracy";

    /// <summary>Groups runs by recipe. Only the last evaluated model of a run counts: the pruned one where there is one.</summary>
    public static SeedReport Of(Preset preset, IReadOnlyList<(Cell Cell, RunResult Result)> runs)
    {
        var cells = runs.GroupBy(run => run.Cell.Name).ToList();
        return new SeedReport(
            preset.Name, preset.Description, [.. runs.Select(run => run.Result.Seed).Distinct()], string.Join(", ", runs.Select(run => run.Result.GitCommit).Distinct()), [.. runs.SelectMany(run => run.Result.Datasets).DistinctBy(use => (use.Name, use.Split))],
            [.. cells.SelectMany(cell => RowsOf(cell.First().Cell, [.. cell.Select(run => run.Result)]))],
            [.. preset.Comparisons.SelectMany(comparison => DifferencesOf(comparison, runs))]);
    }

    /// <summary>The report as Markdown tables.</summary>
    /// <param name="withSlices">Whether the long table by heuristic and gold label is part of it.</param>
    public string ToMarkdown(bool withSlices = true)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Preset}\n\n{Description}\n\nSeeds {string.Join(", ", Seeds)}. Built from commit {GitCommit}.\n\n");
        text.Append("| dataset | split | rows | of published | majority class | truncated rows | broken rows | sha256 |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var use in Datasets)
            text.Append(CultureInfo.InvariantCulture, $"| {use.Name} | {use.Split} | {use.Rows:N0} | {(use.PublishedRows is { } all ? all.ToString("N0", CultureInfo.InvariantCulture) : "not published")} | {(use.IsGraded ? "no classes" : FormattableString.Invariant($"{100 * use.MajorityShare:0.0} %"))} | {use.TruncatedRows} | {use.BrokenRows} | {use.Sha256[..12]} |\n");
        AppendRows(text, "Accuracy, full sets", Rows.Where(IsWholeAccuracy));
        AppendRows(text, "Other metrics of the tasks, full sets", Rows.Where(row => row.Metric != Accuracy), "metric", row => row.Metric);
        AppendMajority(text);
        AppendDifferences(text);
        if (withSlices)
            AppendRows(text, "Accuracy by heuristic and gold label", Rows.Where(row => row.Slice.StartsWith("heuristic=", StringComparison.Ordinal) && row.Slice.Contains(",label=", StringComparison.Ordinal)));
        return text.ToString();
    }

    private static IEnumerable<SeedRow> RowsOf(Cell cell, IReadOnlyList<RunResult> results)
    {
        var ownMetric = cell.Recipe.Task.ReportedMetric;
        var scored = results.Select(result => (Sparsity: result.Stages.LastOrDefault(stage => stage.Sparsity is not null)?.Sparsity ?? 0, Scores: LastScores(result))).ToList();
        return scored.SelectMany(run => run.Scores.Select(score => (run.Sparsity, Score: score)))
            .Where(entry => entry.Score.IsHeadline || (entry.Score.Slice == "all" && entry.Score.Metric == ownMetric))
            .GroupBy(entry => (entry.Score.Dataset, entry.Score.Split, entry.Score.Slice, entry.Score.Metric))
            .Select(group => new SeedRow(
                cell.Name, group.Key.Dataset, group.Key.Split, group.Key.Slice, group.Average(entry => entry.Sparsity), group.First().Score.N, group.Key.Metric,
                Interval.Of([.. group.Select(entry => entry.Score.Value)])));
    }

    private static IEnumerable<SeedDifference> DifferencesOf(Comparison comparison, IReadOnlyList<(Cell Cell, RunResult Result)> runs)
    {
        var left = BySeed(comparison.Cell, runs);
        var right = BySeed(comparison.Against, runs);
        // A seed whose model answers every row alike has no correlation, and no part in its difference.
        return from seed in left.Keys.Intersect(right.Keys)
               from score in left[seed]
               where score is { IsHeadline: true, Slice: "all" }
               from other in right[seed]
               where (other.Dataset, other.Split, other.Slice, other.Metric) == (score.Dataset, score.Split, score.Slice, score.Metric)
               group (Left: score.Value, Right: other.Value) by (score.Dataset, score.Split, score.Metric) into pairs
               select new SeedDifference(
                   comparison.Cell, comparison.Against, pairs.Key.Dataset, pairs.Key.Split, pairs.Key.Metric,
                   PairedDifference.Of([.. pairs.Select(pair => pair.Left)], [.. pairs.Select(pair => pair.Right)]).Difference);
    }

    private static Dictionary<long, IReadOnlyList<Score>> BySeed(string cell, IReadOnlyList<(Cell Cell, RunResult Result)> runs) =>
        runs.Where(run => run.Cell.Name == cell).ToDictionary(run => run.Result.Seed, run => LastScores(run.Result));

    private static IReadOnlyList<Score> LastScores(RunResult result) => result.Stages.Last(stage => stage.Scores.Count > 0).Scores;

    private static bool IsWholeAccuracy(SeedRow row) => row is { Slice: "all", Metric: Accuracy };

    private static void AppendRows(StringBuilder text, string title, IEnumerable<SeedRow> rows, string column = "slice", Func<SeedRow, string>? cell = null)
    {
        var list = rows.ToList();
        if (list.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\nPer cent, mean over seeds; n is the number of seeds, rows the size of the set.\n\n| recipe | sparsity | dataset | split | {column} | mean | std | 95 % interval | n | rows |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in list)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Cell} | {100 * row.Sparsity:0.00} % | {row.Dataset} | {row.Split} | {cell?.Invoke(row) ?? row.Slice} | {Numbers(row.Value)} | {row.Rows:N0} |\n");
    }

    /// <summary>Each recipe's dev accuracy against always guessing the majority class, with the interval that the number of rows alone allows.</summary>
    private void AppendMajority(StringBuilder text)
    {
        if (!Rows.Any(IsWholeAccuracy))
            return;
        text.Append("\n## Against the majority class\n\nPer cent. The interval is Wilson's 95 % for one run of the mean accuracy over that many rows; a recipe learned something when it lies above the majority class.\n\n| recipe | dataset | split | mean | majority class | Wilson interval | rows |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in Rows.Where(IsWholeAccuracy))
        {
            var use = Datasets.Single(use => use.Name == row.Dataset && use.Split == row.Split);
            var wilson = new Proportion((int)Math.Round(row.Value.Mean * row.Rows), row.Rows);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Cell} | {row.Dataset} | {row.Split} | {100 * row.Value.Mean:0.00} | {100 * use.MajorityShare:0.00} | {100 * wilson.WilsonLower:0.00} to {100 * wilson.WilsonUpper:0.00} | {row.Rows:N0} |\n");
        }
    }

    private void AppendDifferences(StringBuilder text)
    {
        if (Differences.Count == 0)
            return;
        text.Append("\n## Gains over equal seeds\n\nPercentage points, paired by seed.\n\n| recipe | against | dataset | split | mean | std | 95 % interval | n |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var difference in Differences)
            text.Append(CultureInfo.InvariantCulture, $"| {difference.Cell} | {difference.Against} | {difference.Dataset} | {difference.Split}{(difference.Metric == Accuracy ? "" : $", {difference.Metric}")} | {Numbers(difference.Gain)} |\n");
    }

    private static string Numbers(Interval interval) => string.Create(
        CultureInfo.InvariantCulture,
        $"{100 * interval.Mean:0.00} | {(interval.StandardDeviation is { } std ? (100 * std).ToString("0.00", CultureInfo.InvariantCulture) : "n = 1")} | {(interval is { Lower: { } lower, Upper: { } upper } ? FormattableString.Invariant($"{100 * lower:0.00} to {100 * upper:0.00}") : "n = 1")} | {interval.N}");
}
