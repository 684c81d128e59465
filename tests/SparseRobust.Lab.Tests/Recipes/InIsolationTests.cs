using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public sealed class InIsolationTests
{
    private const string Searched = """{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "in-isolation", "search_from": "pretrained", "pruning": {"kind": "magnitude", "sparsity": 0.5}}}""";

    private static readonly InIsolation Paradigm = new() { Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = new() };

    [Fact]
    public void A_search_on_the_starting_weights_has_no_fine_tuning()
    {
        var recipe = RecipeReader.Read(Searched);
        Assert.Equal(["prune", "evaluate prune", "fine-tune in isolation", "evaluate fine-tune in isolation"], recipe.Paradigm.Stages(recipe).Select(stage => stage.Name));
        Assert.Empty(RecipeRules.Faults(recipe));
        var faults = RecipeRules.Faults(recipe with { Paradigm = (InIsolation)recipe.Paradigm with { FineTuning = new() { NumTrainEpochs = 1 } } });
        Assert.Equal("$.paradigm.fine_tuning", Assert.Single(faults).Path);
    }

    [Fact]
    public void The_rules_of_trainings_hold_for_the_retraining()
    {
        Assert.Equal("$.paradigm.retraining.objective", Fault(Paradigm with { Retraining = new() { Objective = new MeanSquaredErrorSpec() } }));
        Assert.Equal("$.paradigm.retraining.learning_rate", Fault(Paradigm with { Retraining = new() { LearningRate = 11 } }));
        Assert.Equal("$.paradigm.pruning_training", Fault(Paradigm with { PruningTraining = null }));
        var precision = RecipeRules.Faults(Recipe(Paradigm with { Retraining = new() { Bf16 = true } }), hasMixedPrecision: false);
        Assert.Equal("$.paradigm.retraining.bf16", Assert.Single(precision).Path);
    }

    [Fact]
    public void A_model_without_an_encoder_is_refused() =>
        Assert.Equal("$.paradigm.pruning", Assert.Single(RecipeRules.Faults(Recipe(Paradigm) with { Model = new CbowSpec() })).Path);

    [Fact]
    public void A_teacher_of_the_retraining_is_the_dense_model_where_that_is_the_same()
    {
        var recipe = Recipe(Paradigm with { Retraining = new() { Objective = new ConfidenceRegularizationSpec() } });
        Assert.Equal(
            ["fine-tune", "evaluate fine-tune", "prune", "evaluate prune", "fit-bias", "predict-teacher", "fine-tune in isolation", "evaluate fine-tune in isolation"],
            recipe.Paradigm.Stages(recipe).Select(stage => stage.Name));
    }

    [Fact]
    public void The_outline_has_the_updates_of_all_three_trainings() => Assert.Equal(
        [("fine-tune", 12, 32), ("prune", 12, 32), ("fine-tune in isolation", 20, 10)],
        StageOutline.Of(Recipe(Paradigm with { Retraining = new() { NumTrainEpochs = 2, PerDeviceTrainBatchSize = 10 } }), 100)
            .Where(stage => stage.TotalSteps > 0).Select(stage => (stage.Name, stage.TotalSteps, stage.BatchSize)));

    [Fact]
    public void The_summary_tells_the_three_objectives()
    {
        var summary = RecipeSummary.Of(Recipe(Paradigm with { Retraining = new() { Objective = new ProductOfExpertsSpec() } }));
        Assert.Equal(("in-isolation", "cross-entropy", "cross-entropy", "product-of-experts"), (summary.Paradigm, summary.FineTuningObjective, summary.PruningObjective, summary.RetrainingObjective));
        Assert.Null(RecipeSummary.Of(RecipeReader.Read(Searched)).FineTuningObjective);
    }

    private static RunRecipe Recipe(InIsolation paradigm) => new() { Task = new ShortcutNliTask(), Paradigm = paradigm };

    private static string Fault(InIsolation paradigm) => Assert.Single(RecipeRules.Faults(Recipe(paradigm))).Path;
}
