using SparseRobust.Torch.Fused;
using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class BiasGeluTests
{
    private static readonly Operator Erfc = new("aten::erfc");

    private static Tensor Fused(Tensor[] x) => FusedOperators.bias_gelu(x[0], x[1]);

    private static Tensor Composed(Tensor[] x) => nn.functional.gelu(x[0] + x[1]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(70, 33)]
    [InlineData(200, 128)]
    public void Equals_the_composed_operators_in_double(long rows, long width)
    {
        long[][] shapes = [[rows, width], [width]];
        // x + b is off by 2^-24 of itself, and so is each of a handful of factors; the bias sums over the rows.
        var one = 8 * Math.Pow(2, -24);
        FusedCheck.AssertClose(FusedCheck.Run(Composed, float64, shapes), FusedCheck.Run(Fused, float32, shapes), one, one, one + (rows * Math.Pow(2, -24)));
        // bf16: what is stored is rounded to 2^-8 of itself.
        FusedCheck.AssertClose(FusedCheck.Run(Composed, float64, shapes), FusedCheck.Run(Fused, bfloat16, shapes), one + (1.0 / 256));
    }

    [Fact]
    public void Errors_are_a_few_units_in_the_last_place_also_far_below_zero()
    {
        using var scope = NewDisposeScope();
        var x = linspace(-12.5, 12.5, 500_001);
        var wide = x.to_type(float64);
        var expected = (wide * 0.5 * Erfc.One(wide * -Math.Sqrt(0.5))).data<double>().ToArray();
        var actual = FusedOperators.bias_gelu(x.reshape(1, -1), zeros(500_001)).data<float>().ToArray();
        // The kernel's fit and roundings: 2.4 units for the distribution function (4.5 in the lower tail), a half for the product; up to twice as many where it lies in a lower binade than the factor.
        for (var i = 0; i < actual.Length; i++)
        {
            var unit = Math.Abs(MathF.BitIncrement((float)expected[i]) - (float)expected[i]);
            Assert.True(Math.Abs(actual[i] - expected[i]) <= 6 * unit, $"{actual[i]} instead of {expected[i]}");
        }
    }

    [Fact]
    public void Extremes_go_to_the_limits()
    {
        using var scope = NewDisposeScope();
        var y = FusedOperators.bias_gelu(tensor([1e30f, -1e30f, float.PositiveInfinity, float.NaN, 20f, -20f, 0f]).reshape(1, 7), zeros(7)).data<float>().ToArray();
        Assert.Equal([1e30f, 0f, float.PositiveInfinity, float.NaN, 20f, 0f, 0f], y);
    }

    [Fact]
    public void Threads_and_instruction_sets_change_no_bit() =>
        FusedCheck.AssertSameBitsEverywhere(() => FusedCheck.Run(Fused, float32, [300, 45], [45]));

    [Fact]
    public void Views_count_in_their_logical_order()
    {
        long[][] shapes = [[6, 9], [6]];
        Assert.Equal(
            FusedCheck.Run(x => FusedOperators.bias_gelu(x[0].t().contiguous(), x[1]), float32, shapes),
            FusedCheck.Run(x => FusedOperators.bias_gelu(x[0].t(), x[1]), float32, shapes));
    }

    [Fact]
    public void Gradients_pass_the_check_by_differences_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(51);
        var (x, bias) = (randn([3, 4], float64), randn([4], float64));
        GradientCheck.Passes(z => FusedOperators.bias_gelu(z, bias) * x, 3, 4);
        GradientCheck.Passes(b => FusedOperators.bias_gelu(x, b) * x, 4);
    }

    [Fact]
    public void A_bias_of_another_size_is_refused()
    {
        using var scope = NewDisposeScope();
        FusedCheck.AssertRefused("bias must have sizes [3]", () => FusedOperators.bias_gelu(ones(2, 3), ones(2)));
    }
}
