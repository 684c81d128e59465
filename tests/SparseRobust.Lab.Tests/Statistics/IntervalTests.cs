using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class IntervalTests
{
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("statistics", "statistics.json");

    [Fact]
    public void Four_seeds_as_in_scipy()
    {
        var golden = Golden.GetProperty("interval");
        var interval = Interval.Of(Golden.Doubles("values"));
        Assert.Equal(4, interval.N);
        Assert.Equal(golden.GetProperty("mean").GetDouble(), interval.Mean, 1e-12);
        Assert.Equal(golden.GetProperty("std").GetDouble(), interval.StandardDeviation!.Value, 1e-12);
        Assert.Equal(golden.GetProperty("lower").GetDouble(), interval.Lower!.Value, 1e-10);
        Assert.Equal(golden.GetProperty("upper").GetDouble(), interval.Upper!.Value, 1e-10);
    }

    [Fact]
    public void Two_values_by_hand()
    {
        // mean 2, s = sqrt(2), s/sqrt(n) = 1, t(0.975, 1) = tan(0.475 pi).
        var interval = Interval.Of(1, 3);
        Assert.Equal(Math.Sqrt(2), interval.StandardDeviation!.Value, 1e-15);
        Assert.Equal(2 - Math.Tan(0.475 * Math.PI), interval.Lower!.Value, 1e-9);
    }

    [Fact]
    public void One_value_has_no_spread_and_no_interval() => Assert.Equal(new Interval(1, 0.8, null, null, null), Interval.Of(0.8));

    [Fact]
    public void Equal_values_have_a_spread_of_exactly_zero() => Assert.Equal(new Interval(3, 0.1, 0, 0.1, 0.1), Interval.Of(0.1, 0.1, 0.1));

    [Fact]
    public void Nothing_and_non_numbers_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Interval.Of());
        Assert.Throws<ArgumentException>(() => Interval.Of(1, double.NaN));
        Assert.Throws<ArgumentException>(() => Interval.Of(double.PositiveInfinity));
    }
}
