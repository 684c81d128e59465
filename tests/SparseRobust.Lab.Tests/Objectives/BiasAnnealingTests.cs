using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Tests.Objectives;

public class BiasAnnealingTests
{
    private static readonly WorkedExample Example = new();

    [Theory]
    [InlineData(1, 11, 1)]
    [InlineData(6, 11, 0.9)]
    [InlineData(11, 11, 0.8)]
    [InlineData(1, 1, 1)]
    public void The_exponent_falls_linearly_from_the_first_update_to_the_last(int update, int updates, double expected) =>
        Assert.Equal(expected, new BiasAnnealing().Exponent(new Step(update, new Budget(updates, updates))), 12);

    /// <summary>By hand, with the bias probabilities to the power 0.9 (sixth of eleven updates) and 0.8 (the last), normalised.</summary>
    [Theory]
    [InlineData(6, 2.0719032, 2.4979195, 1.2780681)]
    [InlineData(11, 2.0313460, 2.4129256, 1.2626321)]
    public void Losses_have_the_worked_values(int update, double productOfExperts, double reweighting, double confidenceRegularization)
    {
        var later = Example with { Step = new Step(update, new Budget(11, 11)) };
        Assert.Equal(productOfExperts, later.Value(new ProductOfExpertsSpec { Annealing = new() }), WorkedExample.Tolerance);
        Assert.Equal(reweighting, later.Value(new ExampleReweightingSpec { Annealing = new() }), WorkedExample.Tolerance);
        Assert.Equal(confidenceRegularization, later.Value(new ConfidenceRegularizationSpec { Annealing = new() }), WorkedExample.Tolerance);
    }

    [Fact]
    public void The_first_update_sees_the_bias_as_it_is() =>
        Assert.Equal(Example.Value(new ProductOfExpertsSpec()), Example.Value(new ProductOfExpertsSpec { Annealing = new() }), WorkedExample.Tolerance);

    [Fact]
    public void Annealed_to_0_the_last_update_of_product_of_experts_is_cross_entropy() =>
        Assert.Equal(
            Example.Value(new CrossEntropySpec()),
            (Example with { Step = new Step(11, new Budget(11, 11)) }).Value(new ProductOfExpertsSpec { Annealing = new() { End = 0 } }),
            WorkedExample.Tolerance);
}
