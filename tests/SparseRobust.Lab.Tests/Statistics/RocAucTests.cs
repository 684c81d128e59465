using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class RocAucTests
{
    [Fact]
    public void Equal_numbers_share_their_mean_rank() => Assert.Equal([4.5, 1, 2.5, 4.5, 2.5], Ranks.Average([7, -1, 3, 7, 3]));

    [Fact]
    public void Pairs_by_hand()
    {
        // Positive 0.9 and 0.4 against negative 0.4, 0.3 and 0.8: 0.9 beats all three; 0.4 ties, beats, loses. 4.5 of 6 pairs.
        Assert.Equal(4.5 / 6, RocAuc.Of([0.9, 0.4, 0.4, 0.3, 0.8], [true, true, false, false, false]));
    }

    [Fact]
    public void A_perfect_order_has_1_the_reverse_0_and_a_constant_one_half()
    {
        bool[] positive = [false, true, false, true];
        Assert.Equal(1, RocAuc.Of([1, 3, 2, 4], positive));
        Assert.Equal(0, RocAuc.Of([4, 2, 3, 1], positive));
        Assert.Equal(0.5, RocAuc.Of([7, 7, 7, 7], positive));
    }

    [Fact]
    public void It_is_that_of_scikit_learn()
    {
        foreach (var golden in GoldenFile.Read("metrics", "metrics.json").GetProperty("roc_auc").EnumerateArray())
            Assert.Equal(golden.GetProperty("roc_auc").GetDouble(), RocAuc.Of(golden.Doubles("scores"), [.. golden.Doubles("gold").Select(label => label == 1)])!.Value, 1e-12);
    }

    [Fact]
    public void Infinities_have_their_place_at_the_ends() =>
        Assert.Equal(1, RocAuc.Of([double.NegativeInfinity, double.PositiveInfinity, 0], [false, true, false]));

    [Theory]
    [InlineData(new double[0], new bool[0])]
    [InlineData(new[] { 1.0, 2 }, new[] { true, true })]
    [InlineData(new[] { 1.0, 2 }, new[] { false, false })]
    public void Rows_of_one_kind_have_none(double[] values, bool[] positive) => Assert.Null(RocAuc.Of(values, positive));

    [Fact]
    public void What_cannot_be_ordered_or_paired_is_refused()
    {
        Assert.Throws<ArgumentException>(() => RocAuc.Of([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => RocAuc.Of([1], [true, false]));
    }
}
