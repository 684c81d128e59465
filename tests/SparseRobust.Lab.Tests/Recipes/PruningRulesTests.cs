using SparseRobust.Lab.Data;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

/// <summary>Which settings of pruning methods go together.</summary>
public class PruningRulesTests
{
    private static readonly MaskTrainingSpec Rising = new() { Sparsity = 0.9, Initialisation = MaskInitialisation.Soft, Gradual = new CubicSparsity() };

    [Fact]
    public void A_rising_sparsity_wants_a_soft_start_and_says_why()
    {
        Assert.Empty(Faults(Rising));
        foreach (var start in new[] { MaskInitialisation.Hard, MaskInitialisation.Uniform })
        {
            var fault = Assert.Single(Faults(Rising with { Initialisation = start }));
            Assert.Equal("$.paradigm.pruning.initialisation", fault.Path);
            Assert.Contains("ties", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_rising_sparsity_must_rise()
    {
        Assert.Equal("$.paradigm.pruning.gradual.initial_sparsity", Assert.Single(Faults(Rising with { Sparsity = 0.7 })).Path);
        Assert.Equal("$.paradigm.pruning.gradual.from", Assert.Single(Faults(Rising with { Gradual = new CubicSparsity { From = 0.5, To = 0.5 } })).Path);
        Assert.Equal("$.paradigm.pruning.gradual.to", Assert.Single(Faults(Rising with { Gradual = new CubicSparsity { To = 1.5 } })).Path);
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.3, true)]
    [InlineData(0.7, true)]
    [InlineData(0.9, true)]
    [InlineData(0.25, false)]
    [InlineData(0.3000001, false)]
    public void Iterative_pruning_reaches_tenths(double sparsity, bool fits) =>
        Assert.Equal(fits ? [] : ["$.paradigm.pruning.sparsity"], Faults(new IterativeMagnitudeSpec { Sparsity = sparsity }).Select(fault => fault.Path));

    [Fact]
    public void Iterative_pruning_knows_no_warm_up_and_chooses_no_checkpoint() => Assert.Equal(
        ["$.paradigm.pruning_training.warmup_steps", "$.paradigm.pruning_training.select_from"],
        Faults(new IterativeMagnitudeSpec { Sparsity = 0.5 }, new TrainingSpec { WarmupSteps = 0.1, SelectFrom = 0.7 }).Select(fault => fault.Path));

    [Fact]
    public void Iterative_pruning_trains_even_where_it_rewinds()
    {
        var recipe = Recipe(new IterativeMagnitudeSpec { Sparsity = 0.5, Rewind = Rewinding.AtReturn }, null);
        Assert.Equal("$.paradigm.pruning_training", Assert.Single(RecipeRules.Faults(recipe)).Path);
    }

    private static IReadOnlyList<Lab.Errors.Fault> Faults(PruningSpec pruning, TrainingSpec? training = null) => RecipeRules.Faults(Recipe(pruning, training ?? new TrainingSpec()));

    private static RunRecipe Recipe(PruningSpec pruning, TrainingSpec? training) =>
        new() { Task = new ShortcutNliTask(), Paradigm = new AfterFineTuning { Pruning = pruning, PruningTraining = training } };
}
