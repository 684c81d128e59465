using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
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

    [Fact]
    public void Accuracy_by_bias_degree_is_that_of_the_bias_stages_predictions()
    {
        var recipe = TinyRuns.Recipe(new FullModel { FineTuning = TinyRuns.Training(new ProductOfExpertsSpec()) });
        var stages = TinyRuns.Run(_folder.Path, recipe).Stages;
        var evaluation = stages[^1];
        var outputs = PredictionsFile.Load(Path.Combine(FolderOf(evaluation), PredictionsFile.Name));
        var data = ((LabelledTask)recipe.Task).Load(new DatasetFolders([]), CancellationToken.None);
        foreach (var set in data.OutOfDistribution.Prepend(EvaluationSet.SameLabels(data.Dev)))
        {
            var (bias, _) = BiasPredictionsFile.Load(Path.Combine(FolderOf(stages[0]), FitBiasStage.FileNameOf(set.Dataset)));
            var correct = outputs.Single(output => output.Split == set.Dataset.Split).Correct();
            var told = evaluation.Scores.Where(score => score.Split == set.Dataset.Split && score.Slice.StartsWith("bias_degree=", StringComparison.Ordinal)).ToList();
            Assert.Equal(BiasDegreeBreakdown.Slices(set, correct, bias), told.Select(score => (score.Slice, score.Value, score.N)));
            Assert.Equal(set.Dataset.Examples.Count, told.Sum(score => score.N));
        }
    }

    [Fact]
    public void Only_a_subject_whose_own_training_read_the_bias_brings_it_in()
    {
        var recipe = TinyRuns.Recipe(new AfterFineTuning
        {
            FineTuning = TinyRuns.Training(new CrossEntropySpec()),
            Pruning = new MaskTrainingSpec { Sparsity = 0.5 },
            PruningTraining = TinyRuns.Training(new ProductOfExpertsSpec()),
        });
        Assert.Equal(["fine-tune", "prune, fit-bias"], recipe.Paradigm.Stages(recipe).OfType<EvaluateStage>().Select(stage => string.Join(", ", stage.Inputs.Select(input => input.Name))));
        var stages = TinyRuns.Run(_folder.Path, recipe).Stages;
        Assert.DoesNotContain(stages[1].Scores, score => score.Slice.StartsWith("bias_degree=", StringComparison.Ordinal));
        Assert.Contains(stages[^1].Scores, score => score.Slice.StartsWith("bias_degree=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bias_stage_of_an_earlier_version_leaves_the_breakdown_out_and_the_journal_says_so()
    {
        var recipe = TinyRuns.Recipe(new FullModel { FineTuning = TinyRuns.Training(new ProductOfExpertsSpec()) });
        var first = TinyRuns.Run(_folder.Path, recipe);
        foreach (var file in Directory.GetFiles(FolderOf(first.Stages[0]), "bias_log_probs-*"))
            File.Delete(file);
        Directory.Delete(FolderOf(first.Stages[^1]), recursive: true);
        var run = Path.Combine(_folder.Path, "runs", first.RunId);
        File.Delete(Path.Combine(run, "result.json"));
        var again = TinyRuns.Run(_folder.Path, recipe);
        Assert.Equal(first.Stages[^1].Scores.Where(score => !score.Slice.StartsWith("bias_degree=", StringComparison.Ordinal)), again.Stages[^1].Scores);
        Assert.Equal(3, RunJournal.ReadAfter(Path.Combine(run, "events.jsonl"), 0).OfType<Noted>().Count(note => note.Text.StartsWith("No accuracy by bias degree", StringComparison.Ordinal)));
    }

    private string FolderOf(StageResult stage) => Path.Combine(_folder.Path, "stages", stage.Hash);

    private sealed class Silent : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
        }
    }
}
