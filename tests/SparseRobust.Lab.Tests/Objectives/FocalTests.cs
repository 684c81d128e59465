using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class FocalTests
{
    private static readonly WorkedExample Example = new();

    /// <summary>By hand: CE = (.2413113, 1.0019428, 4.0658839), p = exp(-CE), each row (1 - p)^gamma CE.</summary>
    [Theory]
    [InlineData(2, 1.4466626)]
    [InlineData(1, 1.5606550)]
    [InlineData(0.5, 1.6465544)]
    public void Loss_has_the_worked_value(double gamma, double expected) => Assert.Equal(expected, Example.Value(new FocalSpec { Gamma = gamma }), WorkedExample.Tolerance);

    [Fact]
    public void Loss_equals_cross_entropy_when_gamma_is_0() =>
        Assert.Equal(Example.Value(new CrossEntropySpec()), Example.Value(new FocalSpec { Gamma = 0 }), WorkedExample.Tolerance);

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_row_that_is_certain_has_loss_0_and_no_gradient(double gamma)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 200f, 0, 0 }, [1, 3]).requires_grad_();
        var loss = (Example with { Labels = [0] }).Loss(new FocalSpec { Gamma = gamma }.Build(2), Needs.None, logits);
        loss.backward();
        Assert.Equal(0, loss.item<float>());
        Assert.All(logits.grad!.data<float>().ToArray(), slope => Assert.Equal(0, slope));
    }
}
