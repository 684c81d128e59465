using SparseRobust.Torch.Fused;
using SparseRobust.Torch.Precision;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class MaskedLinearTests
{
    private const double Phi = 0.25;

    // 2^-8 of itself for a number stored as bf16.
    private const double Stored = 1.0 / 256;

    private static Tensor Fused(Tensor[] x) =>
        FusedOperators.masked_linear(x[0], x[1], x[2], full([1], Phi, dtype: x[2].dtype), x.Length > 3 ? x[3] : null);

    // The straight-through trick: scores - scores is 0, but has a gradient.
    private static Tensor Composed(Tensor[] x)
    {
        var hard = (x[2] > Phi).to_type(x[1].dtype);
        return nn.functional.linear(x[0], x[1] * (hard + (x[2] - x[2].detach())), x.Length > 3 ? x[3] : null);
    }

    // A sum of n products is off by n roundings of 2^-24 of its terms, of which the largest sum has at least a fourth.
    private static double Bound(long terms) => 4 * (terms + 1) * Math.Pow(2, -24);

    private static long[][] Shapes(long rows, long input, long output) => [[rows, input], [output, input], [output, input], [output]];

    // W's gradient in the trick passes hard + 0; the operator's is the masked one, the same.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 33, 20)]
    [InlineData(128, 64, 8)]
    [InlineData(300, 129, 130)]
    public void Equals_the_straight_through_trick_in_double(long rows, long input, long output)
    {
        var shapes = Shapes(rows, input, output);
        FusedCheck.AssertClose(
            FusedCheck.Run(Composed, ScalarType.Float64, shapes), FusedCheck.Run(Fused, ScalarType.Float32, shapes),
            Bound(input), Bound(output), Bound(rows), Bound(rows), Bound(rows));
    }

    [Fact]
    public void In_bf16_results_are_rounded_once_and_scores_gradients_twice()
    {
        // The scores' gradient is a stored one times a weight, itself stored.
        var shapes = Shapes(40, 48, 24);
        FusedCheck.AssertClose(
            FusedCheck.Run(Composed, ScalarType.Float64, shapes), FusedCheck.Run(Fused, ScalarType.BFloat16, shapes),
            Stored, Stored, Stored, 2 * Stored, Stored);
    }

    // W's gradient is one of x's type, stored in W's; the scores' likewise in theirs.
    [Theory]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float32)]
    public void Input_weight_and_scores_each_keep_a_type_of_their_own(ScalarType input, ScalarType weight, ScalarType scores)
    {
        using var scope = NewDisposeScope();
        manual_seed(31); // as FusedCheck does
        ScalarType[] types = [input, weight, scores, weight];
        var shapes = Shapes(41, 50, 23);
        Tensor[] leaves = [.. shapes.Zip(types, (shape, type) => FusedCheck.Rounded(randn(shape)).to_type(type).requires_grad_())];
        var actual = FusedCheck.Run(Fused, leaves);
        double Error(ScalarType type, long terms) => type == ScalarType.BFloat16 ? Stored : Bound(terms);
        FusedCheck.AssertClose(
            FusedCheck.Run(Composed, ScalarType.Float64, shapes), actual,
            Error(input, 50), Error(input, 23), Error(input, 41) + Error(weight, 0), Error(input, 41) + Error(scores, 0), Error(input, 41) + Error(weight, 0));
        Assert.Equal(types, leaves.Select(leaf => leaf.grad!.dtype));
    }

    // The same products of the same masked weight: no bit may differ.
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_weight_in_bf16_gives_the_bits_that_LibTorchs_operators_give(ScalarType scores)
    {
        long[][] shapes = [[41, 50], [23, 50]];
        float[][] Run(Func<Tensor, Tensor, Tensor, Tensor, Tensor> linear) => FusedCheck.Run(
            x =>
            {
                using var rule = no_grad();
                var (score, limit) = (randn([23, 50]).to_type(scores), full([1], 0.503));
                using var again = enable_grad();
                return linear(x[0], x[1], score, limit);
            },
            ScalarType.BFloat16, shapes);
        Assert.Equal(
            Run((x, weight, score, limit) => nn.functional.linear(x, where(score > limit.reshape([]), weight, zeros_like(weight)))),
            Run((x, weight, score, limit) => FusedOperators.masked_linear(x, weight, score, limit)));
    }

    [Fact]
    public void In_a_region_of_autocast_the_product_is_bf16_and_gradients_of_fp32_stay_fp32()
    {
        using var scope = NewDisposeScope();
        manual_seed(35);
        Tensor[] leaves = [.. Shapes(10, 16, 12).Select(shape => FusedCheck.Rounded(randn(shape)).requires_grad_())];
        Tensor y;
        using (Autocast.To(bfloat16, CPU))
            y = Fused(leaves);
        Assert.Equal(bfloat16, y.dtype);
        y.sum().backward();
        Assert.All(leaves, leaf => Assert.Equal(float32, leaf.grad!.dtype));
        Assert.True(y.to_type(float32).allclose(Fused(leaves).detach(), Stored, 1e-6));
    }

    [Fact]
    public void Removed_entries_get_a_gradient_of_their_scores_and_a_frozen_weight_none()
    {
        using var scope = NewDisposeScope();
        var (x, weight, scores) = (ones(2, 3), full([1, 3], 5f), tensor([0f, 1f, 0f]).reshape(1, 3).requires_grad_());
        var y = FusedOperators.masked_linear(x, weight, scores, full([1], 0.5));
        y.sum().backward();
        Assert.Equal([5f, 5f], y.data<float>().ToArray());
        Assert.Equal([10f, 10f, 10f], scores.grad!.data<float>().ToArray());
        Assert.Null(weight.grad);
    }

    // 0.503 as bf16 is 0.50390625: it is the rounded threshold that a score of bf16 must exceed.
    [Theory]
    [InlineData(ScalarType.Float32, 0.5f, 0.5f, 0.75f)]
    [InlineData(ScalarType.BFloat16, 0.503f, 0.50390625f, 0.5078125f)]
    public void A_score_at_the_threshold_is_removed(ScalarType type, float threshold, float at, float above)
    {
        using var scope = NewDisposeScope();
        var scores = tensor([at, above]).reshape(1, 2).to_type(type);
        Assert.Equal(1f, FusedOperators.masked_linear(ones(1, 2), ones(1, 2), scores, full([1], threshold)).item<float>());
    }

    [Fact]
    public void Views_and_three_dimensions_count_in_their_logical_order()
    {
        float[][] With(Func<Tensor, Tensor> layout) => FusedCheck.Run(
            x => Fused([layout(x[0].transpose(0, 1)), layout(x[1].t()), layout(x[2].t()), x[3]]), ScalarType.Float32, [5, 2, 9], [9, 20], [9, 20], [20]);
        FusedCheck.AssertClose(With(x => x.contiguous()), With(x => x), 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Threads_and_instruction_sets_change_no_bit(ScalarType type) =>
        FusedCheck.AssertSameBitsEverywhere(() => FusedCheck.Run(Fused, type, Shapes(130, 257, 131)));

    [Fact]
    public void Gradients_pass_the_check_by_differences_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(36);
        var (weight, scores, bias, upstream) = (randn([4, 3], float64), randn([4, 3], float64), randn([4], float64), randn([2, 4], float64));
        GradientCheck.Passes(x => Fused([x, weight, scores, bias]) * upstream, 2, 3);
        GradientCheck.Passes(w => Fused([upstream.matmul(weight), w, scores, bias]) * upstream, 4, 3);
        GradientCheck.Passes(b => Fused([upstream.matmul(weight), weight, scores, b]) * upstream, 4);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        FusedCheck.AssertRefused("the weight's last size", () => FusedOperators.masked_linear(ones(2, 4), ones(5, 3), ones(5, 3), ones(1)));
        FusedCheck.AssertRefused("scores must have the weight's sizes [5, 3]", () => FusedOperators.masked_linear(ones(2, 3), ones(5, 3), ones(3, 5), ones(1)));
        FusedCheck.AssertRefused("threshold must be one number", () => FusedOperators.masked_linear(ones(2, 3), ones(5, 3), ones(5, 3), ones(2)));
        FusedCheck.AssertRefused("bias must have sizes [5]", () => FusedOperators.masked_linear(ones(2, 3), ones(5, 3), ones(5, 3), ones(1), ones(3)));
    }
}
