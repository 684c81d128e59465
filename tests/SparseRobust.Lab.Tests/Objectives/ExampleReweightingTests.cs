using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class ExampleReweightingTests
{
    private static readonly WorkedExample Example = new();

    [Theory]
    [InlineData(true, 2.5827913)]
    [InlineData(false, 1.3774887)]
    public void Loss_has_the_worked_value(bool normalize, double expected) =>
        Assert.Equal(expected, Example.Value(new ExampleReweightingSpec { Normalize = normalize }), WorkedExample.Tolerance);

    [Fact]
    public void Normalised_loss_equals_cross_entropy_when_the_bias_is_uniform() =>
        Assert.Equal(Example.Value(new CrossEntropySpec()), (Example with { Bias = WorkedExample.Uniform }).Value(new ExampleReweightingSpec()), WorkedExample.Tolerance);

    [Fact]
    public void A_bias_that_never_guesses_the_gold_class_leaves_cross_entropy()
    {
        var wrong = Example with { Bias = new[,] { { 0, .5, .5 }, { .5, .5, 0 }, { 0, .5, .5 } } };
        Assert.Equal(Example.Value(new CrossEntropySpec()), wrong.Value(new ExampleReweightingSpec { Normalize = false }), WorkedExample.Tolerance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_batch_without_weight_has_loss_0_and_no_gradient(bool normalize)
    {
        using var scope = NewDisposeScope();
        var spec = new ExampleReweightingSpec { Normalize = normalize };
        // Rounding may put a certain bias a little above 1.
        var certain = Example with { Bias = new[,] { { 1 + 1e-7, 0, 0 }, { 0, 0, 1 }, { 1, 0, 0 } } };
        var logits = WorkedExample.AsTensor(Example.Logits).requires_grad_();
        var loss = certain.Loss(spec.Build(2), spec.Needs, logits);
        loss.backward();
        Assert.Equal(0, loss.item<double>());
        Assert.All(logits.grad!.data<double>().ToArray(), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void A_row_whose_bias_is_certain_does_not_count()
    {
        var certain = Example with { Bias = new[,] { { .7, .2, .1 }, { 0, 0, 1 }, { .1, .6, .3 } } };
        Assert.Equal((.3 * .2413113 + .9 * 4.0658839) / 1.2, certain.Value(new ExampleReweightingSpec()), WorkedExample.Tolerance);
    }
}
