using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeSummaryTests
{
    [Fact]
    public void A_pruned_model_is_summed_up_by_its_kinds_and_its_sparsity() => Assert.Equal(
        new RecipeSummary
        {
            Task = "mnli-hans",
            Model = "bert",
            Paradigm = "after-fine-tuning",
            Pruning = "mask-training",
            FineTuningObjective = "cross-entropy",
            PruningObjective = "product-of-experts",
            Sparsity = 0.7,
        },
        RecipeSummary.Of(new RunRecipe
        {
            Task = new MnliHansTask(),
            Paradigm = new AfterFineTuning { Pruning = new MaskTrainingSpec { Sparsity = 0.7 }, PruningTraining = new() { Objective = new ProductOfExpertsSpec() } },
        }) with { FirstTraining = null });

    [Theory]
    [InlineData(GlueName.Rte, "glue rte")]
    [InlineData(GlueName.Mnli, "glue mnli")]
    public void A_task_of_GLUE_says_which(GlueName name, string task) =>
        Assert.Equal(task, RecipeSummary.Of(new RunRecipe { Task = new GlueTask { Name = name }, Paradigm = new FullModel() }).Task);

    [Fact]
    public void A_start_from_a_pre_trained_model_shows_in_the_kind_and_the_shape()
    {
        var recipe = new RunRecipe { Task = new ShortcutNliTask(), Model = new PretrainedSpec { Name = "bert" }, Paradigm = new FullModel() };
        Assert.Equal(("pretrained", "pretrained bert", true), (RecipeSummary.Of(recipe).Model, recipe.Model.Shape, recipe.Model.IsPrunable));
    }

    [Fact]
    public void Recipes_that_share_their_first_training_agree_in_it()
    {
        var dense = new RunRecipe { Task = new ShortcutNliTask(), Paradigm = new FullModel() };
        var pruned = dense with { Paradigm = new AfterFineTuning { Pruning = new MaskTrainingSpec { Sparsity = 0.7 }, PruningTraining = new() } };
        var debiased = dense with { Paradigm = new FullModel { FineTuning = new() { Objective = new ProductOfExpertsSpec() } } };
        Assert.Equal(RecipeSummary.Of(dense).FirstTraining, RecipeSummary.Of(pruned).FirstTraining);
        Assert.NotEqual(RecipeSummary.Of(dense).FirstTraining, RecipeSummary.Of(debiased).FirstTraining);
        Assert.Null(RecipeSummary.Of(dense with { Paradigm = new WithoutFineTuning { Pruning = new MagnitudeSpec { Sparsity = 0.5 } } }).FirstTraining);
    }

    [Fact]
    public void What_a_recipe_does_not_do_is_null()
    {
        var dense = RecipeSummary.Of(new RunRecipe { Task = new ShortcutNliTask(), Paradigm = new FullModel() });
        Assert.Equal(("full-model", null, "cross-entropy", null, null), (dense.Paradigm, dense.Pruning, dense.FineTuningObjective, dense.PruningObjective, dense.Sparsity));
        var pruned = RecipeSummary.Of(new RunRecipe { Task = new ShortcutNliTask(), Paradigm = new WithoutFineTuning { Pruning = new MagnitudeSpec { Sparsity = 0.5 } } });
        Assert.Equal(("without-fine-tuning", "magnitude", null, null, 0.5), (pruned.Paradigm, pruned.Pruning, pruned.FineTuningObjective, pruned.PruningObjective, pruned.Sparsity));
    }
}
