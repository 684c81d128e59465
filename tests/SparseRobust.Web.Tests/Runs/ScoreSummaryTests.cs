using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class ScoreSummaryTests
{
    private static ScoreSummary Of(params (long Seed, double Value, int Rows)[] values) =>
        ScoreSummary.Of(("hans", "evaluation", "all", "accuracy"), SeedMeasure.Of(values.Select(value => new SeedValue("a", value.Seed, 0, value.Value, value.Rows)))!);

    [Fact]
    public void Mean_deviation_and_t_interval_over_seeds()
    {
        var summary = Of((3, 0.7, 100), (1, 0.5, 100), (2, 0.6, 100));
        Assert.Equal(0.6, summary.Mean!.Value, 1e-12);
        Assert.Equal(0.1, summary.Std!.Value, 1e-12);
        // t(0.975, 2) = 4.302652729911275
        Assert.Equal(0.6 - 4.302652729911275 * 0.1 / Math.Sqrt(3), summary.Ci95Low!.Value, 1e-9);
        Assert.Equal(0.6 + 4.302652729911275 * 0.1 / Math.Sqrt(3), summary.Ci95High!.Value, 1e-9);
        Assert.Equal(3, summary.N);
        Assert.Equal(100, summary.Rows);
        Assert.Equal([1, 2, 3], summary.Seeds);
    }

    [Fact]
    public void One_run_shows_no_spread()
    {
        var summary = Of((1, 0.5, 100));
        Assert.Equal((0.5, null, null, null), (summary.Mean, summary.Std, summary.Ci95Low, summary.Ci95High));
    }

    [Fact]
    public void A_value_that_is_no_number_leaves_no_mean()
    {
        var summary = Of((1, 0.5, 100), (2, double.NaN, 100));
        Assert.Equal((null, null, 2), (summary.Mean, summary.Std, summary.N));
    }

    [Fact]
    public void Rows_that_differ_are_not_shown_as_one_number() => Assert.Null(Of((1, 0.5, 100), (2, 0.5, 90)).Rows);

    [Fact]
    public void The_order_of_rows_changes_no_digit() => Assert.Equal(Of((1, 0.1, 1), (2, 0.2, 1), (3, 0.3, 1)).Mean, Of((3, 0.3, 1), (1, 0.1, 1), (2, 0.2, 1)).Mean);
}
