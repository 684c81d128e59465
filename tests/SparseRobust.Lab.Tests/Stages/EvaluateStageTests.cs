using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Stages;

public sealed class EvaluateStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_evaluation_keeps_what_its_scores_were_computed_from()
    {
        var folders = new DatasetFolders([]);
        var recipe = new RunRecipe
        {
            Task = new ShortcutNliTask { TrainRows = 300, EvaluationRows = 90 },
            Model = new BertSpec { NumHiddenLayers = 1, HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64 },
            MaxLength = 64,
            Paradigm = new FullModel { FineTuning = new TrainingSpec { NumTrainEpochs = 1, LearningRate = 1e-3, EvalSteps = 10, OutOfDistributionSampleRows = 60 } },
        };
        var evaluation = new Laboratory(new LaboratoryOptions(_folder.Path, folders), TimeProvider.System).Run(recipe, 1, new Silent(), CancellationToken.None).Stages[^1];
        var sets = PredictionsFile.Load(Path.Combine(_folder.Path, "stages", evaluation.Hash, PredictionsFile.Name));

        var data = DatasetCatalog.Evaluated(recipe.Task, folders, CancellationToken.None);
        Assert.Equal(data.Select(set => (set.Split, set.Sha256)), sets.Select(set => (set.Split, set.Sha256)));
        Assert.Equal(data.SelectMany(set => set.Examples.Select(example => (float)example.Label)), sets.SelectMany(set => set.Gold));
        foreach (var set in sets)
        {
            double Score(string metric) => evaluation.Scores.Single(score => score.Slice == "all" && score.Metric == metric && score.Split == set.Split).Value;
            Assert.Equal(Score("accuracy"), set.Correct().Average(correct => correct ? 1.0 : 0), 12);
            Assert.Equal(Score("loss"), Enumerable.Range(0, set.Count).Average(set.Loss), 9);
        }
    }

    private sealed class Silent : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
        }
    }
}
