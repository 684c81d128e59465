using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunScoreTableTests
{
    private static readonly ScoreColumn Dev = new("shortcut-nli", "dev", "accuracy");

    [Fact]
    public void Each_dataset_and_split_is_a_column_in_the_order_of_evaluation_and_losses_are_none()
    {
        var table = RunScoreTable.Of([Score("a-1", 0.9), new Sample("a-1", 0.3) { Metric = "loss" }.Row, Score("a-1", 0.6, "ood"), Score("b-1", 0.7)]);

        Assert.Equal([Dev, Dev with { Split = "ood" }], table.Columns);
        Assert.Equal(new ScoreCell(0.7, 300), table["b-1", Dev]);
        Assert.Null(table["b-1", Dev with { Split = "ood" }]);
    }

    [Fact]
    public void A_set_without_accuracy_shows_its_first_metric()
    {
        var table = RunScoreTable.Of([new Sample("a-1", 0.5) { Metric = "mcc" }.Row, new Sample("a-1", 0.8) { Metric = "f1" }.Row]);

        Assert.Equal([Dev with { Metric = "f1" }], table.Columns);
    }

    [Fact]
    public void A_recipe_has_the_mean_spread_and_interval_of_its_seeds()
    {
        var table = RunScoreTable.Of([Score("a-1", 0.80), Score("a-2", 0.82), Score("a-3", 0.87)]);

        var measure = Assert.Single(table.ByRecipe([Run("a", 1), Run("a", 2), Run("a", 3)])).Measures[Dev]!;

        Assert.Equal(3, measure.N);
        Assert.Equal(0.83, measure.OverSeeds!.Mean, 12);
        // Deviations -0.03, -0.01, 0.04: variance 0.0026 / 2; t(0.975, 2) = 4.302652729696142.
        Assert.Equal(Math.Sqrt(0.0013), measure.OverSeeds!.StandardDeviation!.Value, 12);
        Assert.Equal(0.83 + 4.302652729696142 * Math.Sqrt(0.0013 / 3), measure.OverSeeds!.Upper!.Value, 9);
        Assert.Equal([300], measure.Rows);
    }

    [Fact]
    public void One_seed_has_no_spread()
    {
        var measure = RunScoreTable.Of([Score("a-1", 0.8)]).ByRecipe([Run("a", 1)])[0].Measures[Dev]!;

        Assert.Equal((1, 0.8, (double?)null, (double?)null), (measure.N, measure.OverSeeds!.Mean, measure.OverSeeds.StandardDeviation, measure.OverSeeds.Upper));
    }

    [Fact]
    public void A_seed_counts_once_with_its_newest_repetition_that_has_a_score()
    {
        var table = RunScoreTable.Of([Score("a-1", 0.2), Score("a-1-r1", 0.6), Score("a-2", 0.8)]);

        var measure = table.ByRecipe([Run("a", 1), Run("a", 1, 1), Run("a", 1, 2), Run("a", 2)])[0].Measures[Dev]!;

        Assert.Equal(2, measure.N);
        Assert.Equal(0.7, measure.OverSeeds!.Mean, 12);
    }

    [Fact]
    public void A_seed_whose_score_is_no_number_leaves_no_mean_rather_than_a_better_one()
    {
        var measure = RunScoreTable.Of([Score("a-1", 0.8), Score("a-2", double.NaN)]).ByRecipe([Run("a", 1), Run("a", 2)])[0].Measures[Dev]!;

        Assert.Equal((null, 2), (measure.OverSeeds, measure.N));
    }

    [Fact]
    public void A_run_without_scores_counts_nowhere()
    {
        var groups = RunScoreTable.Of([Score("a-1", 0.8)]).ByRecipe([Run("b", 1), Run("a", 1), Run("a", 2)]);

        Assert.Equal(["b", "a"], groups.Select(group => group.First.RecipeHash));
        Assert.Null(groups[0].Measures[Dev]);
        Assert.Equal(1, groups[1].Measures[Dev]!.N);
        Assert.Equal(2, groups[1].Runs.Count);
    }

    [Fact]
    public void Evaluation_sets_of_different_size_are_told()
    {
        var table = RunScoreTable.Of([Score("a-1", 0.8), new Sample("a-2", 0.8) { N = 200 }.Row]);

        Assert.Equal([200, 300], table.ByRecipe([Run("a", 1), Run("a", 2)])[0].Measures[Dev]!.Rows);
    }

    private static ScoreRow Score(string runId, double value, string split = "dev") => new Sample(runId, value) { Split = split }.Row;

    private static RunRow Run(string hash, long seed, int rerun = 0) => new()
    {
        Id = rerun == 0 ? $"{hash}-{seed}" : $"{hash}-{seed}-r{rerun}",
        RecipeHash = hash,
        Seed = seed,
        Rerun = rerun,
        Recipe = "{}",
        Task = "shortcut-nli",
        Model = "bert",
        Paradigm = "full-model",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private sealed record Sample(string RunId, double Value)
    {
        public string Split { get; init; } = "dev";

        public string Metric { get; init; } = "accuracy";

        public int N { get; init; } = 300;

        public ScoreRow Row => new()
        {
            RunId = RunId, StageOrdinal = 1, Stage = "evaluate", StageHash = "", Dataset = "shortcut-nli", DatasetSha256 = "", Split = Split,
            Slice = "all", Metric = Metric, Value = Value, N = N, Seed = 1, IsFinal = true,
        };
    }
}
