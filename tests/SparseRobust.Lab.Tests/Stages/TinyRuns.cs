using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs of seconds: the built-in task with a model of 2 x 16 and trainings of three updates.</summary>
internal static class TinyRuns
{
    public static TrainingSpec Training(ObjectiveSpec objective) =>
        new() { Objective = objective, NumTrainEpochs = 0.2, PerDeviceTrainBatchSize = 20, LearningRate = 1e-2, EvalSteps = 2, OutOfDistributionSampleRows = 12 };

    public static RunRecipe Recipe(ParadigmSpec paradigm) => new()
    {
        Task = new ShortcutNliTask { TrainRows = 300, EvaluationRows = 90 },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64, InitializerRange = 0.2 },
        MaxLength = 64,
        Paradigm = paradigm,
        Teacher = Training(new CrossEntropySpec()),
    };

    public static RunResult Run(string root, RunRecipe recipe, IRunObserver? observer = null, CancellationToken cancellation = default) =>
        new Laboratory(new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 1) }, TimeProvider.System)
            .Run(recipe, 1, observer ?? new Silent(), cancellation);

    private sealed class Silent : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
        }
    }
}
