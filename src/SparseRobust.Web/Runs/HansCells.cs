namespace SparseRobust.Web.Runs;

/// <summary>Accuracy per heuristic and gold label of one set: HANS's six numbers, or nine of a three-way set.</summary>
public sealed record HansCells(string Dataset, string Split, IReadOnlyList<string> Heuristics, IReadOnlyList<string> Labels, IReadOnlyDictionary<(string Heuristic, string Label), ScoreRow> Cells)
{
    /// <summary>One table for each set that has such slices.</summary>
    public static IReadOnlyList<HansCells> Find(IEnumerable<ScoreRow> scores) =>
        [.. scores.Where(score => score.Metric == "accuracy").Select(score => (Score: score, Cell: CellOf(score.Slice))).Where(each => each.Cell is not null)
            .GroupBy(each => (each.Score.Dataset, each.Score.Split)).Select(set => Table(set.Key, set.ToDictionary(each => each.Cell!.Value, each => each.Score)))];

    private static HansCells Table((string Dataset, string Split) set, Dictionary<(string Heuristic, string Label), ScoreRow> cells) => new(
        set.Dataset,
        set.Split,
        // The paper's order, which is not the alphabet's: lexical overlap contains subsequence, which contains constituent.
        [.. cells.Keys.Select(cell => cell.Heuristic).Distinct().OrderByDescending(name => name == "lexical_overlap").ThenByDescending(name => name == "subsequence").ThenBy(name => name, StringComparer.Ordinal)],
        [.. cells.Keys.Select(cell => cell.Label).Distinct().OrderByDescending(name => name == "entailment").ThenBy(name => name, StringComparer.Ordinal)],
        cells);

    private static (string Heuristic, string Label)? CellOf(string slice) =>
        slice.Split(',') is [var first, var second] && first.StartsWith("heuristic=", StringComparison.Ordinal) && second.StartsWith("label=", StringComparison.Ordinal)
            ? (first["heuristic=".Length..], second["label=".Length..])
            : null;
}
