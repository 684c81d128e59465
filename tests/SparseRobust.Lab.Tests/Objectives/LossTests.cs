using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

/// <summary>The worked numbers of three examples (z, y, p_b), computed by hand from the formulas.</summary>
public class LossTests
{
    private static readonly float[,] Logits = { { 2, .5f, -1 }, { .1f, .2f, .3f }, { -1, 3, 0 } };
    private static readonly float[,] Bias = { { .7f, .2f, .1f }, { .2f, .2f, .6f }, { .1f, .6f, .3f } };
    private static readonly long[] Labels = [0, 2, 0];

    [Fact]
    public void Cross_entropy_has_the_worked_value() =>
        Assert.Equal(1.7697127f, Value(new CrossEntropySpec(), Logits, null), 1e-5f);

    [Fact]
    public void Product_of_experts_has_the_worked_value() =>
        Assert.Equal(2.1139134f, Value(new ProductOfExpertsSpec(), Logits, Bias), 1e-5f);

    [Fact]
    public void Product_of_experts_equals_cross_entropy_when_the_bias_is_uniform()
    {
        var third = 1f / 3;
        float[,] uniform = { { third, third, third }, { third, third, third }, { third, third, third } };
        Assert.Equal(Value(new CrossEntropySpec(), Logits, null), Value(new ProductOfExpertsSpec(), Logits, uniform), 1e-6f);
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("product-of-experts")]
    public void Gradient_equals_the_finite_difference(string kind)
    {
        ObjectiveSpec spec = kind == "cross-entropy" ? new CrossEntropySpec() : new ProductOfExpertsSpec();
        using var scope = NewDisposeScope();
        var logits = AsTensor(Logits).requires_grad_();
        Loss(spec, logits, Bias).backward();
        var gradient = logits.grad!.data<float>().ToArray();
        for (var i = 0; i < 9; i++)
        {
            const float h = 1e-2f;
            var difference = (Value(spec, Nudged(i, h), Bias) - Value(spec, Nudged(i, -h), Bias)) / (2 * h);
            Assert.Equal(difference, gradient[i], 1e-3f);
        }
    }

    [Fact]
    public void Only_product_of_experts_needs_bias_predictions()
    {
        Assert.Equal(Needs.None, new CrossEntropySpec().Needs);
        Assert.Equal(Needs.BiasLogProbs, new ProductOfExpertsSpec().Needs);
    }

    private static float[,] Nudged(int index, float by)
    {
        var copy = (float[,])Logits.Clone();
        copy[index / 3, index % 3] += by;
        return copy;
    }

    private static float Value(ObjectiveSpec spec, float[,] logits, float[,]? bias)
    {
        using var scope = NewDisposeScope();
        return Loss(spec, AsTensor(logits), bias).item<float>();
    }

    private static Tensor Loss(ObjectiveSpec spec, Tensor logits, float[,]? bias) =>
        spec.Build().Loss(new ObjectiveInputs(logits, tensor(Labels), bias is null ? null : AsTensor(bias).log()));

    private static Tensor AsTensor(float[,] values) => tensor(values.Cast<float>().ToArray(), [values.GetLength(0), values.GetLength(1)]);
}
