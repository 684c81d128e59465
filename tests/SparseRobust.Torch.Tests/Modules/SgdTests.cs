using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

/// <summary>Every expected number is computed by hand from b ← μ b + (1 - τ) (g + λ p) and p ← p - lr b.</summary>
public sealed class SgdTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Without_momentum_a_step_is_the_learning_rate_times_the_gradient()
    {
        var parameter = new Parameter(tensor(new[] { 1f, -2f }));
        using var optimizer = optim.SGD([parameter], 0.5);
        Step(optimizer, parameter, [4f, 1f]);
        Golden.Near([-1f, -2.5f], parameter);
    }

    [Theory]
    [InlineData(0.0, false, new[] { -1f, -2.9f, -5.61f })] // directions 1, 1.9, 2.71
    [InlineData(0.5, false, new[] { -1f, -2.4f, -4.16f })] // directions 1, 1.4, 1.76: the first gradient is not dampened
    [InlineData(0.0, true, new[] { -1.9f, -4.61f, -8.049f })] // directions 1.9, 2.71, 3.439
    public void Momentum_adds_up_directions(double dampening, bool nesterov, float[] path)
    {
        var parameter = new Parameter(zeros([1]));
        using var optimizer = optim.SGD([parameter], 1, 0.9, dampening, 0, nesterov);
        foreach (var expected in path)
        {
            Step(optimizer, parameter, [1f]);
            Golden.Near([expected], parameter);
        }
    }

    [Theory]
    [InlineData(false, 2.9f)] // 3 - 0.1 (-0.5 + 0.5 3)
    [InlineData(true, 2.8f)] // 3 - 0.1 (0.5 + 0.5 3): the gradient is turned round, the decay is not
    public void Weight_decay_is_part_of_the_gradient(bool maximize, float expected)
    {
        var parameter = new Parameter(tensor(new[] { 3f }));
        using var optimizer = optim.SGD([parameter], 0.1, weight_decay: 0.5, maximize: maximize);
        Step(optimizer, parameter, [-0.5f]);
        Golden.Near([expected], parameter);
    }

    [Fact]
    public void Groups_keep_their_own_options_and_a_parameter_without_gradient_stays()
    {
        var (a, b, still) = (new Parameter(zeros([1])), new Parameter(zeros([1])), new Parameter(ones([1])));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([a, still], new SGD.Options { LearningRate = 2 }), new SGD.ParamGroup { Parameters = [b] }], 0.5);
        (a.grad, b.grad) = (ones([1]), ones([1]));
        optimizer.step();
        Golden.Near([-2], a);
        Golden.Near([-0.5f], b);
        Golden.Near([1], still);
        Assert.Equal([2.0, 0.5], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    [Fact]
    public void A_restored_state_goes_on_where_the_other_stands()
    {
        var (one, two) = (new Parameter(zeros([1])), new Parameter(zeros([1])));
        using var first = optim.SGD([one], 1, 0.9);
        using var second = optim.SGD([two], 1, 0.9);
        Step(first, one, [1f]);
        second.load_state_dict(first.state_dict());
        Step(first, one, [1f]);
        Step(second, two, [1f]);
        Golden.Near([-1.9f], two);
        Assert.True(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
        Step(second, two, [1f]);
        Assert.False(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
    }

    [Fact]
    public void A_step_with_a_closure_uses_its_gradients_and_returns_its_loss()
    {
        var parameter = new Parameter(tensor(new[] { 3f }));
        using var optimizer = optim.SGD([("weight", parameter)], 0.1);
        using var guard = no_grad();
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var square = (parameter * parameter).sum();
            square.backward();
            return square;
        });
        Assert.Equal(9f, loss!.ToSingle());
        Golden.Near([2.4f], parameter);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var parameter = new Parameter(zeros([1]));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, 0.9, 0.5, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter, parameter], 1));
    }

    private static void Step(SGD optimizer, Parameter parameter, float[] gradient)
    {
        parameter.grad = tensor(gradient);
        optimizer.step();
    }
}
