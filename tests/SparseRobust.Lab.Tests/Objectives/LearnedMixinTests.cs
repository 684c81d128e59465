using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class LearnedMixinTests
{
    private static readonly WorkedExample Example = new();

    // softplus(ln(e - 1)) = 1 and softplus(ln(sqrt(e) - 1)) = 1/2.
    private static readonly double TrustOne = Math.Log(Math.E - 1);
    private static readonly double TrustHalf = Math.Log(Math.Sqrt(Math.E) - 1);

    [Fact]
    public void Loss_equals_product_of_experts_when_the_bias_counts_once() => Assert.Equal(2.1139134, Value(new LearnedMixinSpec(), TrustOne), WorkedExample.Tolerance);

    [Fact]
    public void Loss_has_the_worked_value_when_the_bias_counts_half() => Assert.Equal(1.9192398, Value(new LearnedMixinSpec(), TrustHalf), WorkedExample.Tolerance);

    [Fact]
    public void Loss_equals_cross_entropy_when_the_bias_does_not_count() => Assert.Equal(1.7697127, Value(new LearnedMixinSpec(), -40), WorkedExample.Tolerance);

    /// <summary>The entropies of p_b are .8018186, .9502705 and .8979457; those of a bias that does not count are ln 3.</summary>
    [Fact]
    public void The_penalty_adds_the_mean_entropy_of_the_scaled_bias()
    {
        var spec = new LearnedMixinSpec { EntropyPenalty = 0.03 };
        Assert.Equal(2.1139134 + 0.03 * .8833449, Value(spec, TrustOne), WorkedExample.Tolerance);
        Assert.Equal(1.7697127 + 0.03 * Math.Log(3), Value(spec, -40), WorkedExample.Tolerance);
    }

    [Fact]
    public void Each_row_has_its_own_trust_from_the_pooled_output()
    {
        // w . h is TrustOne in the first row and 80 below it in the others, which leaves them cross-entropy.
        var rows = Example with { Pooled = new[,] { { TrustOne, 0.0 }, { -40, 0 }, { -40, 0 } } };
        Assert.Equal((.0684657 + 1.0019429 + 4.0658839) / 3, Value(new LearnedMixinSpec(), 0, weight: 1, rows), WorkedExample.Tolerance);
    }

    [Fact]
    public void Gradients_of_its_own_weights_and_of_the_pooled_output_equal_the_finite_difference()
    {
        var spec = new LearnedMixinSpec { EntropyPenalty = 0.5 };
        using var scope = NewDisposeScope();
        var pooled = WorkedExample.AsTensor(Example.Pooled).requires_grad_();
        var (objective, state) = Example.Build(spec);
        using (state)
        {
            Set(state!, 0.3, weight: 0.7);
            foreach (var leaf in state!.parameters().Prepend(pooled))
            {
                var gradient = FiniteDifference.AgreesWithGradient(() => Example.Loss(objective, spec.Needs, WorkedExample.AsTensor(Example.Logits), pooled), leaf);
                Assert.All(gradient, slope => Assert.True(Math.Abs(slope) > 1e-3, $"{slope}"));
            }
        }
    }

    private static double Value(LearnedMixinSpec spec, double bias, double weight = 0, WorkedExample? example = null)
    {
        using var scope = NewDisposeScope();
        var rows = example ?? Example;
        var (objective, state) = rows.Build(spec);
        using (state)
        {
            Set(state!, bias, weight);
            return rows.Loss(objective, spec.Needs, WorkedExample.AsTensor(rows.Logits)).item<double>();
        }
    }

    private static void Set(nn.Module state, double bias, double weight)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in state.named_parameters())
            parameter.fill_(name == "bias" ? bias : weight);
    }
}
