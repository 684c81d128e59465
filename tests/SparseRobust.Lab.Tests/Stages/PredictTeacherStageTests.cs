using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Stages;

public sealed class PredictTeacherStageTests : IDisposable
{
    private static readonly FullModel Plain = new() { FineTuning = TinyRuns.Training(new CrossEntropySpec()) };
    private static readonly FullModel Student = new() { FineTuning = TinyRuns.Training(new ConfidenceRegularizationSpec()) };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_teacher_is_scheduled_and_shared_with_the_run_that_fine_tunes_it_for_its_own_sake()
    {
        var plain = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Plain));
        var taught = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Student));
        Assert.Equal(["fit-bias", "fine-tune", "predict-teacher", "fine-tune student", "evaluate fine-tune student"], taught.Stages.Select(stage => stage.Name));
        Assert.Equal(plain.Stages[0].Hash, taught.Stages[1].Hash);
        Assert.True(taught.Stages[1].Reused);
        Assert.Equal(RecipeSummary.Of(TinyRuns.Recipe(Plain)).FirstTraining, RecipeSummary.Of(TinyRuns.Recipe(Student)).FirstTraining);
    }

    [Fact]
    public void Masks_on_a_fine_tuned_model_may_have_it_as_their_teacher()
    {
        var recipe = TinyRuns.Recipe(new AfterFineTuning
        {
            FineTuning = Plain.FineTuning,
            Pruning = new MaskTrainingSpec { Sparsity = 0.5 },
            PruningTraining = Student.FineTuning,
        });
        Assert.Equal(["fine-tune", "evaluate fine-tune", "fit-bias", "predict-teacher", "prune", "evaluate prune"], TinyRuns.Run(_folder.Path, recipe).Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void Masks_on_a_fine_tuned_model_may_have_another_teacher_which_is_trained_for_them_alone()
    {
        var recipe = TinyRuns.Recipe(new AfterFineTuning
        {
            FineTuning = Plain.FineTuning with { LearningRate = 2e-3 },
            Pruning = new MaskTrainingSpec { Sparsity = 0.5 },
            PruningTraining = Student.FineTuning,
        });
        var stages = TinyRuns.Run(_folder.Path, recipe).Stages;
        Assert.Equal(["fine-tune", "evaluate fine-tune", "fit-bias", "fine-tune teacher", "predict-teacher", "prune", "evaluate prune"], stages.Select(stage => stage.Name));
        Assert.Equal(stages.Count, stages.Select(stage => stage.Hash).Distinct().Count());
    }

    [Fact]
    public void The_file_holds_the_teachers_probabilities_in_the_datasets_order_without_dropout()
    {
        var recipe = TinyRuns.Recipe(Student);
        var stages = TinyRuns.Run(_folder.Path, recipe).Stages;
        var (predictions, fit) = BiasPredictionsFile.Load(Path.Combine(FolderOf(stages[2].Hash), PredictTeacherStage.FileName));
        using var materials = (LabelledMaterials)Materials.Load(recipe.Setup, new MaterialSources(new DatasetFolders([]), new ModelSearch([]), Cache: null), CancellationToken.None);
        predictions.Require(materials.Data.Train, materials.Task.Labels);
        Assert.Null(fit);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var model = ModelFolder.Load(FolderOf(stages[1].Hash), CPU);
        model.eval();
        foreach (var row in new[] { 0, 17, 299 })
        {
            var batch = Batch.Of(materials.Train, [row], new RowPadding(materials.Tokenizer.PadId), CPU);
            var expected = nn.functional.log_softmax(model.forward(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL), 1).data<float>().ToArray();
            Assert.Equal(expected, predictions.Row(row).ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        }
        Assert.True(Math.Abs(predictions.Row(0)[0] - predictions.Row(17)[0]) > 1e-4, "a teacher that says the same of every row shows no order");
    }

    [Fact]
    public void Another_seed_has_another_teacher()
    {
        var stage = TinyRuns.Recipe(Student) is var recipe ? recipe.Paradigm.Stages(recipe).OfType<PredictTeacherStage>().Single() : null;
        Assert.NotEqual(RecipeHash.Of(stage!, 1, []), RecipeHash.Of(stage!, 2, []));
        var other = recipe with { Teacher = recipe.Teacher with { LearningRate = 1e-3 } };
        Assert.NotEqual(RecipeHash.Of(stage!, 1, []), RecipeHash.Of(other.Paradigm.Stages(other).OfType<PredictTeacherStage>().Single(), 1, []));
        Assert.NotEqual(RecipeHash.Of(recipe.Paradigm.Stages(recipe)[^1], 1, []), RecipeHash.Of(other.Paradigm.Stages(other)[^1], 1, []));
    }

    public void Dispose() => _folder.Dispose();

    private string FolderOf(string hash) => Path.Combine(_folder.Path, "stages", hash);
}
