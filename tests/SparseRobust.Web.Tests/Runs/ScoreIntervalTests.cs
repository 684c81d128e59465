using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class ScoreIntervalTests
{
    [Fact]
    public void An_accuracy_has_wilsons_interval()
    {
        // 5 of 10: centre 0.5, half width z sqrt(0.25/10 + z^2/400) / (1 + z^2/10) = 0.26341.
        var (lower, upper) = ScoreInterval.Of("accuracy", 0.5, 10)!.Value;

        Assert.Equal(0.23659, lower, 5);
        Assert.Equal(0.76341, upper, 5);
    }

    [Theory]
    [InlineData("loss", 0.5, 10)]
    [InlineData("two_class_balanced_accuracy", 0.5, 10)]
    [InlineData("accuracy", double.NaN, 10)]
    [InlineData("accuracy", 0.5, 0)]
    public void What_is_no_share_of_rows_has_none(string metric, double value, int n) => Assert.Null(ScoreInterval.Of(metric, value, n));
}
