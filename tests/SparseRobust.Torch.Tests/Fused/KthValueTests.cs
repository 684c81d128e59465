using SparseRobust.Torch.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class KthValueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(700_001)]
    public void Finds_every_rank_that_sorting_finds(int count)
    {
        using var scope = NewDisposeScope();
        manual_seed(41);
        var values = randn(count);
        var sorted = values.data<float>().ToArray();
        Array.Sort(sorted);
        foreach (var k in new[] { 1, 2, count / 3, count / 2, count - 1, count }.Where(k => k >= 1 && k <= count))
            Assert.Equal(sorted[k - 1], FusedOperators.kth_value(values, k).item<float>());
    }

    [Fact]
    public void Ties_zeros_of_both_signs_infinities_and_small_numbers_keep_their_order()
    {
        using var scope = NewDisposeScope();
        float[] sorted = [float.NegativeInfinity, float.MinValue, -1, -1, -float.Epsilon, 0, 0, float.Epsilon, 1, 1, 1, float.MaxValue, float.PositiveInfinity];
        var values = tensor([.. sorted.Reverse()]);
        Assert.Equal(sorted, Enumerable.Range(1, sorted.Length).Select(k => FusedOperators.kth_value(values, k).item<float>()));
    }

    [Fact]
    public void Not_a_number_counts_as_the_largest()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { float.NaN, 2, -float.NaN, 1 });
        Assert.Equal([1f, 2, float.NaN, float.NaN], Enumerable.Range(1, 4).Select(k => FusedOperators.kth_value(values, k).item<float>()));
    }

    [Fact]
    public void Other_types_and_shapes_are_selected_too()
    {
        using var scope = NewDisposeScope();
        var values = arange(12, ScalarType.Float64).reshape(3, 4).transpose(0, 1);
        Assert.Equal(4.0, FusedOperators.kth_value(values, 5).item<double>());
        Assert.Equal(4f, FusedOperators.kth_value(values.to_type(ScalarType.Float32), 5).item<float>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_rank_out_of_range_is_refused(long k)
    {
        using var scope = NewDisposeScope();
        Assert.Contains("between 1 and the 4 values", Assert.ThrowsAny<Exception>(() => FusedOperators.kth_value(ones(4), k)).Message, StringComparison.Ordinal);
    }
}
