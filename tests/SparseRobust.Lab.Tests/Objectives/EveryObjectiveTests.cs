using System.Reflection;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

/// <summary>What holds for every objective of the catalogue, with its default settings.</summary>
public class EveryObjectiveTests
{
    private static readonly WorkedExample Example = new();

    public static TheoryData<ObjectiveSpec> Objectives =>
        [.. typeof(ObjectiveSpec).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => (ObjectiveSpec)Activator.CreateInstance(kind.DerivedType)!)];

    /// <summary>It is given no more than it declared, so one that reads more than that fails here.</summary>
    [Theory]
    [MemberData(nameof(Objectives))]
    public void Gradient_equals_the_finite_difference(ObjectiveSpec spec)
    {
        using var scope = NewDisposeScope();
        var logits = WorkedExample.AsTensor(spec.Needs.HasFlag(Needs.Targets) ? new[,] { { 2 }, { .5 }, { -1 } } : Example.Logits).requires_grad_();
        var (objective, state) = Example.Build(spec);
        using (state)
            FiniteDifference.AgreesWithGradient(() => Example.Loss(objective, spec.Needs, logits), logits);
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Only_learned_mixin_has_weights_of_its_own(ObjectiveSpec spec)
    {
        var (_, state) = Example.Build(spec);
        using (state)
            Assert.Equal(spec is LearnedMixinSpec, state is not null);
    }

    [Fact]
    public void Each_says_what_it_needs()
    {
        Assert.Equal(Needs.None, new CrossEntropySpec().Needs);
        Assert.Equal(Needs.BiasLogProbs, new ProductOfExpertsSpec().Needs);
        Assert.Equal(Needs.BiasLogProbs, new ExampleReweightingSpec().Needs);
        Assert.Equal(Needs.BiasLogProbs | Needs.TeacherLogProbs, new ConfidenceRegularizationSpec().Needs);
        Assert.Equal(Needs.BiasLogProbs | Needs.PooledOutput, new LearnedMixinSpec().Needs);
        Assert.Equal(Needs.None, new FocalSpec().Needs);
        Assert.Equal(Needs.Targets, new MeanSquaredErrorSpec().Needs);
    }
}
