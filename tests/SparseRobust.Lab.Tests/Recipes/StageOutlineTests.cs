using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

public sealed class StageOutlineTests
{
    private static readonly RunRecipe Recipe = new()
    {
        Task = new ShortcutNliTask { TrainRows = 300, EvaluationRows = 90 },
        Paradigm = new AfterFineTuning
        {
            FineTuning = new TrainingSpec { NumTrainEpochs = 2, PerDeviceTrainBatchSize = 32 },
            Pruning = new MaskTrainingSpec { Sparsity = 0.5 },
            PruningTraining = new TrainingSpec { Objective = new ProductOfExpertsSpec(), NumTrainEpochs = 0.5, PerDeviceTrainBatchSize = 10 },
        },
    };

    [Fact]
    public void Trainings_have_their_updates_and_batch_and_other_stages_none() =>
        Assert.Equal(
            [new StageOutline("fine-tune", 8, 32), new("evaluate fine-tune", 0, 0), new("fit-bias", 0, 0), new("prune", 5, 10), new StageOutline("evaluate prune", 0, 0)],
            StageOutline.Of(Recipe, 100));

    [Fact]
    public void Stages_come_in_the_order_of_the_laboratorys_plan()
    {
        var laboratory = new Laboratory(new LaboratoryOptions(Path.GetTempPath(), new DatasetFolders([])), TimeProvider.System);
        var identity = laboratory.Identify(Recipe.Setup, CancellationToken.None);
        Assert.Equal(300, identity.TrainingRows);
        var plan = laboratory.Plan(Recipe, 1, identity);
        Assert.Equal(laboratory.Plan(Recipe, 1, CancellationToken.None), plan);
        Assert.Equal(StageOutline.Of(Recipe, identity.TrainingRows).Select(stage => stage.Name), plan.Select(stage => stage.Name));
    }
}
