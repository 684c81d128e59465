using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class PairedBootstrapTests
{
    [Fact]
    public void Interval_and_p_value_are_those_of_the_exact_distribution_and_of_scipys_draws()
    {
        foreach (var golden in GoldenFile.Read("statistics", "comparisons.json").GetProperty("bootstrap").EnumerateArray())
        {
            var n = golden.GetProperty("n").GetInt32();
            var bootstrap = Of(n, golden.GetProperty("only_first").GetInt32(), golden.GetProperty("only_second").GetInt32(), resamples: 100_000);
            // 100,000 draws know the ends to about a fifth of a row, and scipy's are draws too.
            foreach (var reference in new[] { "", "scipy_" })
            {
                Assert.Equal(golden.GetProperty($"{reference}lower").GetDouble(), bootstrap.Lower, 1.01 / n);
                Assert.Equal(golden.GetProperty($"{reference}upper").GetDouble(), bootstrap.Upper, 1.01 / n);
            }
            var p = Math.Min(1, 2 * Math.Min(golden.GetProperty("at_most_0").GetDouble(), golden.GetProperty("at_least_0").GetDouble()));
            Assert.InRange(bootstrap.PValue, p - 5 * Math.Sqrt(2 * p / 100_000), p + 5 * Math.Sqrt(2 * p / 100_000));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_one_others()
    {
        Assert.Equal(Of(40_000, 3000, 2900, seed: 5), Of(40_000, 3000, 2900, seed: 5));
        Assert.NotEqual(Of(40_000, 3000, 2900, seed: 5), Of(40_000, 3000, 2900, seed: 6) with { Seed = 5 });
        Assert.Equal((100.0 / 40_000, 40_000, 10_000), (Of(40_000, 3000, 2900).Difference, Of(40_000, 3000, 2900).N, Of(40_000, 3000, 2900).Resamples));
    }

    [Fact]
    public void The_order_of_the_rows_does_not_matter()
    {
        bool[] first = [.. Enumerable.Range(0, 500).Select(i => i % 3 != 0)], second = [.. Enumerable.Range(0, 500).Select(i => i % 4 != 0)];
        Assert.Equal(PairedBootstrap.Of(first, second, 1), PairedBootstrap.Of([.. first.Reverse()], [.. second.Reverse()], 1));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(1000)]
    [InlineData(9999)]
    public void The_p_value_is_at_most_a_twentieth_exactly_when_the_interval_leaves_out_0(int resamples)
    {
        var apart = 0;
        for (var first = 20; first < 60; first++)
        {
            var bootstrap = Of(300, first, 20, resamples);
            Assert.Equal(bootstrap.Lower > 0 || bootstrap.Upper < 0, bootstrap.PValue <= 0.05);
            apart += bootstrap.PValue <= 0.05 ? 1 : 0;
        }
        Assert.InRange(apart, 1, 39);
    }

    [Fact]
    public void Exchanged_models_have_the_opposite_difference()
    {
        var (one, other) = (Of(1000, 130, 95, 50_000), Of(1000, 95, 130, 50_000));
        Assert.Equal(one.Difference, -other.Difference);
        Assert.Equal(one.Lower, -other.Upper, 1.01 / 1000);
        Assert.Equal(one.Upper, -other.Lower, 1.01 / 1000);
    }

    [Fact]
    public void Models_right_on_the_same_rows_do_not_differ() =>
        Assert.Equal(new PairedBootstrap(3, 0, 0, 0, 1, 10_000, 1), PairedBootstrap.Of([true, false, true], [true, false, true], 1));

    [Fact]
    public void A_model_that_alone_is_always_right_differs_by_1_in_every_resample() =>
        Assert.Equal(new PairedBootstrap(2, 1, 1, 1, 2 / 10_001.0, 10_000, 1), PairedBootstrap.Of([true, true], [false, false], 1));

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Of([], [], 1));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Of([true], [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.Of([true], [false], 1, resamples: 38));
    }

    private static PairedBootstrap Of(int n, int onlyFirst, int onlySecond, int resamples = PairedBootstrap.DefaultResamples, long seed = 1) => PairedBootstrap.Of(
        [.. Enumerable.Range(0, n).Select(i => i < onlyFirst)], [.. Enumerable.Range(0, n).Select(i => i >= onlyFirst && i < onlyFirst + onlySecond)], seed, resamples);
}
