using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class HansCellsTests
{
    private static ScoreRow Score(string slice, double value, string metric = "accuracy") => new()
    {
        RunId = "r", StageOrdinal = 0, Stage = "evaluate", StageHash = "h", Dataset = "hans", DatasetSha256 = "s", Split = "evaluation",
        Slice = slice, Metric = metric, Value = value, N = 5000, Seed = 1, IsFinal = true,
    };

    [Fact]
    public void Six_slices_make_one_table_in_the_papers_order()
    {
        string[] heuristics = ["constituent", "lexical_overlap", "subsequence"];
        string[] labels = ["entailment", "non-entailment"];
        var scores = heuristics.SelectMany(heuristic => labels.Select((label, index) => Score($"heuristic={heuristic},label={label}", index)));

        var table = Assert.Single(HansCells.Find([.. scores, Score("all", 0.5), Score("label=entailment", 1), Score("heuristic=constituent", 0.5)]));

        Assert.Equal(["lexical_overlap", "subsequence", "constituent"], table.Heuristics);
        Assert.Equal(labels, table.Labels);
        Assert.Equal(6, table.Cells.Count);
        Assert.Equal((1.0, 5000), (table.Cells[("constituent", "non-entailment")].Value, table.Cells[("constituent", "non-entailment")].N));
    }

    [Fact]
    public void A_set_without_such_slices_has_no_table() => Assert.Empty(HansCells.Find([Score("all", 0.5), Score("label=entailment", 0.5)]));
}
