using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class ProportionTests
{
    [Fact]
    public void Wilson_intervals_are_those_of_scipy()
    {
        foreach (var row in GoldenFile.Read("statistics", "statistics.json").GetProperty("wilson").EnumerateArray())
        {
            var proportion = new Proportion(row.GetProperty("k").GetInt32(), row.GetProperty("n").GetInt32());
            Assert.Equal(row.GetProperty("lower").GetDouble(), proportion.WilsonLower, 1e-9);
            Assert.Equal(row.GetProperty("upper").GetDouble(), proportion.WilsonUpper, 1e-9);
        }
    }

    [Fact]
    public void Normal_interval_by_hand()
    {
        var half = new Proportion(50, 100);
        Assert.Equal(0.5 - 1.959963984540054 * 0.05, half.NormalLower, 1e-12);
        Assert.Equal(0.5 + 1.959963984540054 * 0.05, half.NormalUpper, 1e-12);
        Assert.Equal((0, 0), (new Proportion(0, 5).NormalLower, new Proportion(0, 5).NormalUpper));
        Assert.Equal(0, new Proportion(1, 3).NormalLower);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    public void Nonsense_is_refused(int successes, int n) => Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(successes, n));
}
