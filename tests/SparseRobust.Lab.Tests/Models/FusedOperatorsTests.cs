using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

/// <summary>The fused operators do what their composed forms do, under which the laboratory runs with the genuine package.</summary>
public sealed class FusedOperatorsTests
{
    private const double Rounding = 1e-5;

    private static void AssertEqual(Func<Tensor, Tensor> fused, Func<Tensor, Tensor> composed, params long[] shape)
    {
        using var scope = NewDisposeScope();
        manual_seed(61);
        var start = randn(shape);
        var upstream = randn(fused(start).shape);
        (Tensor Value, Tensor Gradient) Run(Func<Tensor, Tensor> function)
        {
            var x = start.clone().requires_grad_();
            var y = function(x);
            (y * upstream).sum().backward();
            return (y.detach(), x.grad!.to_dense());
        }
        var (expected, actual) = (Run(composed), Run(fused));
        Assert.True(actual.Value.allclose(expected.Value, Rounding, Rounding));
        Assert.True(actual.Gradient.allclose(expected.Gradient, Rounding, Rounding));
    }

    [Fact]
    public void Dropout_residual_and_norm()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.LayerNorm(24, 1e-12);
        using var dropout = nn.Dropout(0.5);
        dropout.eval();
        var residual = randn(6, 24);
        AssertEqual(x => FusedOperators.DropoutAddNorm(x, residual, (norm, 1e-12), dropout), x => ComposedOperators.DropoutAddNorm(x, residual, (norm, 1e-12), dropout), 6, 24);
    }

    [Fact]
    public void Masked_linear_to_the_input()
    {
        using var scope = NewDisposeScope();
        var (weight, mask, bias) = (randn(5, 24), (randn(5, 24), full([1], 0.3)), randn(5));
        AssertEqual(x => FusedOperators.MaskedLinear(x, weight, mask, bias), x => ComposedOperators.MaskedLinear(x, weight, mask, bias), 6, 24);
        AssertEqual(x => FusedOperators.MaskedLinear(x, weight, mask, null), x => ComposedOperators.MaskedLinear(x, weight, mask, null), 6, 24);
    }

    [Fact]
    public void Masked_linear_to_the_scores()
    {
        using var scope = NewDisposeScope();
        var (input, weight, threshold) = (randn(2, 3, 24), randn(5, 24), full([1], 0.3));
        AssertEqual(s => FusedOperators.MaskedLinear(input, weight, (s, threshold), null), s => ComposedOperators.MaskedLinear(input, weight, (s, threshold), null), 5, 24);
    }

    [Fact]
    public void Bias_and_gelu()
    {
        using var scope = NewDisposeScope();
        var (input, bias) = (randn(6, 24), randn(24));
        AssertEqual(x => FusedOperators.BiasGelu(x, bias), x => ComposedOperators.BiasGelu(x, bias), 6, 24);
        AssertEqual(b => FusedOperators.BiasGelu(input, b), b => ComposedOperators.BiasGelu(input, b), 24);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cross_entropy_with_bias(bool biased)
    {
        using var scope = NewDisposeScope();
        var labels = randint(3, [8]);
        var bias = biased ? nn.functional.log_softmax(randn(8, 3), 1) : null;
        AssertEqual(z => FusedOperators.CrossEntropyWithBias(z, labels, bias), z => ComposedOperators.CrossEntropyWithBias(z, labels, bias), 8, 3);
    }

    [Fact]
    public void Embedding()
    {
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 3, 0, 3, 8 }, [2, 2]);
        AssertEqual(table => FusedOperators.Embedding(table, ids), table => ComposedOperators.Embedding(table, ids), 9, 4);
    }

    [Fact]
    public void Kth_value()
    {
        using var scope = NewDisposeScope();
        var values = randn(37, 11);
        foreach (var k in new long[] { 1, 17, 407 })
            Assert.Equal(ComposedOperators.KthValue(values, k).item<float>(), FusedOperators.KthValue(values, k).item<float>());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1e9)]
    public void Gradient_clipping(double limit)
    {
        using var scope = NewDisposeScope();
        manual_seed(62);
        Parameter[] Parameters()
        {
            manual_seed(63);
            Parameter[] parameters = [nn.Parameter(randn(7, 5)), nn.Parameter(randn(40_000)), nn.Parameter(randn(3))];
            foreach (var parameter in parameters[..2])
                parameter.grad = randn(parameter.shape);
            return parameters;
        }
        var (fused, composed) = (Parameters(), Parameters());
        Assert.Equal(ComposedOperators.ClipGradNorm(composed, limit).item<double>(), FusedOperators.ClipGradNorm(fused, limit).item<double>());
        Assert.All(fused.Zip(composed).Take(2), pair => Assert.True(pair.First.grad!.equal(pair.Second.grad!)));
        Assert.Null(fused[2].grad);
    }
}
