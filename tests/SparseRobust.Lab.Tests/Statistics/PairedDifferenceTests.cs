using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class PairedDifferenceTests
{
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("statistics", "statistics.json");

    [Fact]
    public void Paired_t_test_as_in_scipy()
    {
        var paired = PairedDifference.Of(Golden.Doubles("values"), Golden.Doubles("others"));
        Assert.Equal(Golden.GetProperty("paired").GetProperty("t").GetDouble(), paired.TStatistic!.Value, 1e-9);
        Assert.Equal(Golden.GetProperty("paired").GetProperty("p").GetDouble(), paired.PValue!.Value, 1e-9);
        Assert.Equal(4, paired.Difference.N);
        Assert.True(paired.Difference.Lower < 0 && paired.Difference.Upper > 0);
    }

    [Fact]
    public void One_pair_and_equal_differences_have_no_test()
    {
        Assert.Equal(new PairedDifference(new Interval(1, 1, null, null, null), null, null), PairedDifference.Of([3], [2]));
        Assert.Equal(new PairedDifference(new Interval(2, 1, 0, 1, 1), null, null), PairedDifference.Of([3, 5], [2, 4]));
    }

    [Fact]
    public void Unequal_lengths_are_refused() => Assert.Throws<ArgumentException>(() => PairedDifference.Of([1, 2], [1]));
}
