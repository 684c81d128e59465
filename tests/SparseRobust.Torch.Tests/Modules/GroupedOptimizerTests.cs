using SparseRobust.Torch.Modules;
using SparseRobust.Torch.Scopes;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

/// <summary>What all optimizers of parameter groups have in common.</summary>
public sealed class GroupedOptimizerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Kinds => ["Adam", "AdamW", "SGD"];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_state_is_a_copy_and_disposal_frees_all_of_it(string kind)
    {
        var (one, two) = (new Parameter(zeros([3])), new Parameter(zeros([3])));
        (one.grad, two.grad) = (ones([3]), ones([3]));
        var before = TensorCensus.Live;
        using (var first = Make(kind, one))
        using (var second = Make(kind, two))
        {
            Assert.Equal(2 * Moments(kind, stepped: false), TensorCensus.Live - before);
            using (NewDisposeScope())
            {
                first.step();
                second.load_state_dict(first.state_dict());
                Assert.True(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
                second.step();
                second.to(CPU);
                Assert.False(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
            }
            Assert.Equal(2 * Moments(kind, stepped: true), TensorCensus.Live - before);
        }
        Assert.Equal(before, TensorCensus.Live);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_that_no_step_has_changed_resets_one_that_was(string kind)
    {
        var (fresh, parameter) = (new Parameter(zeros([3])), new Parameter(zeros([3])));
        using var first = Make(kind, fresh);
        using var second = Make(kind, parameter);
        parameter.grad = ones([3]);
        second.step();
        second.load_state_dict(first.state_dict());
        Assert.True(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Options_are_loaded_too_and_learning_rates_with_them(string kind)
    {
        var (one, two) = (new Parameter(ones([1])), new Parameter(ones([1])));
        using var first = Make(kind, one, decay: 0.5);
        using var second = Make(kind, two);
        first.ParamGroups.Single().LearningRate = 0.25;
        second.load_state_dict(first.state_dict());
        Assert.Equal((0.25, 0.1), (second.ParamGroups.Single().LearningRate, second.ParamGroups.Single().InitialLearningRate));
        (one.grad, two.grad) = (ones([1]), ones([1]));
        first.step();
        second.step();
        Assert.True(one.equal(two));
    }

    [Fact]
    public void States_of_another_class_or_of_other_options_are_refused()
    {
        var parameter = new Parameter(ones([1]));
        using var plain = optim.AdamW([parameter]);
        using var largest = optim.AdamW([parameter], amsgrad: true);
        using var adam = optim.Adam([parameter]);
        Assert.Throws<ArgumentException>(() => plain.load_state_dict(largest.state_dict()));
        Assert.Throws<ArgumentException>(() => largest.load_state_dict(plain.state_dict()));
        Assert.Throws<ArgumentException>(() => plain.load_state_dict(adam.state_dict()));
        Assert.Throws<ArgumentException>(() => plain.state_dict().State[0].LoadStateDict(adam.state_dict().State[0]));
        Assert.False(plain.state_dict().State[0].ApproximatelyEquals(adam.state_dict().State[0]));
    }

    [Fact]
    public void Groups_of_another_optimizer_and_groups_out_of_range_are_refused()
    {
        var (one, two) = (new Parameter(ones([1])), new Parameter(ones([1])));
        using var sgd = optim.SGD([one], 0.1);
        var group = new Adam.ParamGroup([two]);
        Assert.Contains("SGD.ParamGroup", Assert.Throws<ArgumentException>(() => sgd.add_param_group(group)).Message, StringComparison.Ordinal);
        Assert.Contains("beta2 is 1;", Assert.Throws<ArgumentException>(() => new AdamW.ParamGroup([two], beta2: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_decay_rates_reach_every_group()
    {
        var (one, two) = (new Parameter(ones([1])), new Parameter(ones([1])));
        using var adam = optim.Adam([new Adam.ParamGroup([one]), new Adam.ParamGroup([two], beta1: 0.5)], 0.1);
        Assert.Equal([(0.9, 0.999), (0.5, 0.999)], adam.ParamGroups.Select(group => ((Adam.ParamGroup)group).Betas));
        adam.Betas = (0.1, 0.2);
        Assert.Equal([(0.1, 0.2), (0.1, 0.2)], adam.ParamGroups.Select(group => ((Adam.ParamGroup)group).Betas));
    }

    private static GroupedOptimizer Make(string kind, Parameter parameter, double decay = 0) => kind switch
    {
        "Adam" => optim.Adam([parameter], 0.1, weight_decay: decay, amsgrad: true),
        "AdamW" => optim.AdamW([parameter], 0.1, weight_decay: decay, amsgrad: true),
        _ => optim.SGD([parameter], 0.1, 0.9, weight_decay: decay),
    };

    // The moments and, with AMSGrad, the largest second one; SGD's direction is made by the first step.
    private static int Moments(string kind, bool stepped) => kind != "SGD" ? 3 : stepped ? 1 : 0;
}
