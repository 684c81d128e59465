using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class HolmTests
{
    [Fact]
    public void Adjusted_values_are_those_of_statsmodels()
    {
        foreach (var table in GoldenFile.Read("statistics", "comparisons.json").GetProperty("holm").EnumerateArray())
            Assert.Equal(table.Doubles("adjusted"), Holm.Adjust(table.Doubles("p")), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Three_values_by_hand() => Assert.Equal([0.5, 0.03, 0.75], Holm.Adjust(0.25, 0.01, 0.75));

    [Fact]
    public void A_larger_value_is_never_adjusted_to_less_and_none_to_more_than_1()
    {
        // 2 x 0.25 and then 1 x 0.375, raised to 0.5.
        Assert.Equal([0.5, 0.5], Holm.Adjust(0.25, 0.375));
        Assert.Equal([1, 1], Holm.Adjust(0.7, 0.9));
    }

    [Fact]
    public void Nothing_stays_nothing_and_nonsense_is_refused()
    {
        Assert.Empty(Holm.Adjust());
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust(0.1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust(1.1));
    }
}
