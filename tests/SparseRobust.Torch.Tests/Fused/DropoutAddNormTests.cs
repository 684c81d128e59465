using SparseRobust.Torch.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class DropoutAddNormTests
{
    private const double Eps = 1e-12;

    private sealed record Results(float[] Y, float[] Input, float[] Residual, float[] Weight, float[] Bias)
    {
        public float[][] All => [Y, Input, Residual, Weight, Bias];
    }

    private static Tensor Composed(Tensor x, Tensor residual, Tensor weight, Tensor bias, Tensor mask) =>
        nn.functional.layer_norm(x * mask + residual, [x.shape[^1]], weight, bias, Eps);

    private static Results Run(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, long[] shape, ScalarType x, ScalarType residual, ScalarType parameters)
    {
        using var scope = NewDisposeScope();
        manual_seed(21);
        var width = shape[^1];
        Tensor[] leaves = [.. new[] { (randn(shape), x), (randn(shape), residual), (1 + 0.1 * randn(width), parameters), (randn(width), parameters) }
            .Select(leaf => leaf.Item1.to_type(ScalarType.BFloat16).to_type(leaf.Item2).detach().requires_grad_())];
        var upstream = randn(shape).to_type(ScalarType.BFloat16);
        manual_seed(22);
        var y = function(leaves[0], leaves[1], leaves[2], leaves[3]);
        (y * upstream.to_type(y.dtype)).sum().backward();
        float[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
        return new Results(Values(y), Values(leaves[0].grad!), Values(leaves[1].grad!), Values(leaves[2].grad!), Values(leaves[3].grad!));
    }

    private static Results Fused(long[] shape, double p, ScalarType x = ScalarType.Float32, ScalarType residual = ScalarType.Float32) =>
        Run((a, b, c, d) => FusedOperators.dropout_add_norm(a, b, (c, d), p, true, Eps), shape, x, residual, ScalarType.Float32);

    // The same draw as the operator's: the key is the next number of the generator in both.
    private static Results Oracle(long[] shape, double p) => Run(
        (x, residual, weight, bias) => Composed(x, residual, weight, bias, nn.functional.dropout(ones(shape), p).to_type(x.dtype)),
        shape, ScalarType.Float64, ScalarType.Float64, ScalarType.Float64);

    private static void AssertClose(float[][] expected, float[][] actual, double[] bounds)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = Math.Max(1, expected[i].Max(Math.Abs));
            for (var j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], actual[i][j], bounds[i] * scale);
        }
    }

    [Theory]
    [InlineData(1, 1, 0.0)]
    [InlineData(3, 7, 0.0)]
    [InlineData(5, 16, 0.3)]
    [InlineData(70, 33, 0.1)]
    [InlineData(200, 256, 0.1)]
    public void Equals_the_composed_operators_in_double(long rows, long width, double p)
    {
        // A row's sums add up to width rounding errors of 2^-24 of its largest entry; weight and bias sum over the rows too.
        var row = Math.Max(16, width) * Math.Pow(2, -24) * 4;
        AssertClose(Oracle([rows, width], p).All, Fused([rows, width], p).All, [row, row, row, row * Math.Sqrt(rows), row * Math.Sqrt(rows)]);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    public void In_bf16_only_what_is_stored_is_rounded(ScalarType x, ScalarType residual)
    {
        // Stored as bf16: the sum, the result and gradients, each within 2^-8 of itself, two in a row; an error in the sum is magnified by 1 / deviation, about 1 here.
        const double Stored = 2.0 / 256;
        AssertClose(Oracle([40, 64], 0.1).All, Fused([40, 64], 0.1, x, residual).All, [Stored, Stored, Stored, Stored, Stored]);
        using var scope = NewDisposeScope();
        var y = FusedOperators.dropout_add_norm(ones([2, 4], x), ones([2, 4], residual), (ones(4), zeros(4)), 0, true);
        Assert.Equal(residual, y.dtype);
    }

    [Fact]
    public void Threads_and_instruction_sets_change_no_bit()
    {
        var before = get_num_threads();
        try
        {
            var runs = new[] { 1, 2, 3 }.SelectMany(threads =>
            {
                set_num_threads(threads);
                return CpuCapability.Each(() => Fused([300, 45], 0.2).All).ToList();
            }).ToList();
            Assert.All(runs, run => Assert.Equal(runs[0].Result, run.Result));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Gradients_pass_the_check_by_differences_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(23);
        var residual = randn([2, 5], ScalarType.Float64);
        var weight = randn([5], ScalarType.Float64);
        var upstream = randn([2, 5], ScalarType.Float64);
        GradientCheck.Passes(x => FusedOperators.dropout_add_norm(x, residual, (weight, weight), 0, true, 1e-5) * upstream, 2, 5);
        GradientCheck.Passes(r => FusedOperators.dropout_add_norm(residual, r, (weight, weight), 0, true, 1e-5) * upstream, 2, 5);
    }

    [Fact]
    public void A_transposed_input_counts_in_its_logical_order()
    {
        using var scope = NewDisposeScope();
        var x = randn(6, 9);
        var residual = randn(9, 6);
        var straight = FusedOperators.dropout_add_norm(x.transpose(0, 1).contiguous(), residual, (ones(6), zeros(6)), 0, true);
        Assert.True(FusedOperators.dropout_add_norm(x.transpose(0, 1), residual, (ones(6), zeros(6)), 0, true).equal(straight));
    }

    [Fact]
    public void Nothing_is_dropped_at_evaluation()
    {
        using var scope = NewDisposeScope();
        var x = randn(4, 8);
        var with = FusedOperators.dropout_add_norm(x, x, (ones(8), zeros(8)), 0.5, training: false);
        Assert.True(with.equal(FusedOperators.dropout_add_norm(x, x, (ones(8), zeros(8)), 0, training: true)));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("same sizes", Assert.ThrowsAny<Exception>(() => FusedOperators.dropout_add_norm(ones(2, 3), ones(3), (ones(3), ones(3)), 0, true)).Message, StringComparison.Ordinal);
        Assert.Contains("must have sizes [3]", Assert.ThrowsAny<Exception>(() => FusedOperators.dropout_add_norm(ones(2, 3), ones(2, 3), (ones(2), ones(2)), 0, true)).Message, StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Assert.ThrowsAny<Exception>(() => FusedOperators.dropout_add_norm(ones(2, 3), ones(2, 3), (ones(3), ones(3)), 2, true)).Message, StringComparison.Ordinal);
    }
}
