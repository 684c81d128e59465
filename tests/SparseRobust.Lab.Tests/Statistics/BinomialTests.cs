using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class BinomialTests
{
    [Fact]
    public void Tails_are_those_of_scipy()
    {
        foreach (var row in GoldenFile.Read("statistics", "comparisons.json").GetProperty("binomial").EnumerateArray())
        {
            var tail = row.GetProperty("tail").GetDouble();
            Assert.Equal(tail, Binomial.LowerTail(row.GetProperty("k").GetInt32(), row.GetProperty("n").GetInt32(), row.GetProperty("p").GetDouble()), 1e-10 * tail);
        }
    }

    [Fact]
    public void Draws_fall_as_often_as_the_distribution_says()
    {
        const int draws = 200_000, n = 9;
        const double p = 0.3;
        var random = SplitMix64.From(1);
        var counts = new int[n + 1];
        for (var i = 0; i < draws; i++)
            counts[Binomial.Draw(random, n, p)]++;
        for (var k = 0; k <= n; k++)
        {
            var chance = Binomial.LowerTail(k, n, p) - (k == 0 ? 0 : Binomial.LowerTail(k - 1, n, p));
            // Five standard deviations.
            Assert.InRange(counts[k], draws * chance - 5 * Math.Sqrt(draws * chance), draws * chance + 5 * Math.Sqrt(draws * chance));
        }
    }

    [Theory]
    [InlineData(40_000, 0.05)]
    [InlineData(40_000, 0.5)]
    [InlineData(40_000, 0.9999)]
    [InlineData(1, 0.2)]
    public void Draws_of_many_trials_have_their_mean_and_variance(int n, double p)
    {
        const int draws = 20_000;
        var random = SplitMix64.From(2);
        double[] drawn = [.. Enumerable.Range(0, draws).Select(_ => (double)Binomial.Draw(random, n, p))];
        var variance = n * p * (1 - p);
        Assert.All(drawn, k => Assert.InRange(k, 0, n));
        Assert.InRange(drawn.Average(), n * p - 5 * Math.Sqrt(variance / draws), n * p + 5 * Math.Sqrt(variance / draws));
        Assert.InRange(drawn.Average(k => (k - n * p) * (k - n * p)) / variance, 0.9, 1.1);
    }

    [Fact]
    public void What_is_certain_is_drawn() =>
        Assert.Equal((0, 0, 7), (Binomial.Draw(new SplitMix64(1), 0, 0.5), Binomial.Draw(new SplitMix64(1), 7, 0), Binomial.Draw(new SplitMix64(1), 7, 1)));
}
