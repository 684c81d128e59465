using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tests.Objectives;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class AnswerLossTests : IDisposable
{
    private static readonly double[] Starts = [0, Math.Log(2), Math.Log(3), 0, 0, 0];
    private static readonly double[] Ends = [1, 2, 3, 0, 0, Math.Log(2)];

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void It_is_the_mean_of_the_two_ends_cross_entropies() =>
        Assert.Equal((((Math.Log(2) + Math.Log(3)) / 2) + ((Math.Log(Math.E + Math.Exp(2) + Math.Exp(3)) - 3 + Math.Log(4)) / 2)) / 2, Loss([2, 1], [2, 0]), 12);

    [Fact]
    public void A_place_behind_the_window_does_not_count() =>
        Assert.Equal((((Math.Log(2) + Math.Log(3)) / 2) + Math.Log(4)) / 2, Loss([2, 1], [3, 0]), 12);

    [Fact]
    public void How_far_behind_it_is_does_not_matter() => Assert.Equal(Loss([2, 3], [3, 0]), Loss([2, 900], [77, 0]), 12);

    [Fact]
    public void A_place_before_the_window_is_its_first() => Assert.Equal(Loss([0, 1], [2, 0]), Loss([-4, 1], [2, -1]), 12);

    [Fact]
    public void Without_any_place_it_is_zero_and_so_is_its_gradient()
    {
        var logits = Logits(Starts).requires_grad_();
        var loss = AnswerLoss.Of((logits, logits), (tensor(new long[] { 3, 3 }), tensor(new long[] { 3, 3 })));
        loss.backward();
        Assert.Equal(0, loss.item<double>());
        Assert.Equal(0, logits.grad!.abs().max().item<double>());
    }

    [Fact]
    public void Its_gradient_equals_the_finite_difference()
    {
        var logits = Logits(Starts).requires_grad_();
        FiniteDifference.AgreesWithGradient(() => AnswerLoss.Of((logits, logits * logits + logits), (tensor(new long[] { 2, 3 }), tensor(new long[] { 1, 0 }))), logits);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Logits(double[] values) => tensor(values, [2, 3]);

    private static double Loss(long[] starts, long[] ends) => AnswerLoss.Of((Logits(Starts), Logits(Ends)), (tensor(starts), tensor(ends))).item<double>();
}
