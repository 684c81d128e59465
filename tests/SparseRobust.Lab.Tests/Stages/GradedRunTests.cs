using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Reports;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>A task with grades instead of classes goes through every part of a run.</summary>
public sealed class GradedRunTests : IDisposable
{
    private readonly TemporaryFolder _lab = new();
    private readonly DataFolder _data = new();

    public void Dispose()
    {
        _lab.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void A_graded_task_is_trained_pruned_chosen_and_told_by_its_correlations()
    {
        foreach (var split in new[] { "train", "dev" })
            _data.Write($"STS-B/{split}.tsv", DataFolder.FixtureText("stsb.tsv"));
        var training = TinyRuns.Training(new MeanSquaredErrorSpec()) with { NumTrainEpochs = 6, PerDeviceTrainBatchSize = 2 };
        var recipe = TinyRuns.Recipe(new AfterFineTuning { FineTuning = training, Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = training }) with
        {
            Task = new GlueTask { Name = GlueName.Stsb },
            Vocabulary = new FileVocabulary { Path = Fixture.Path("wordpiece", "vocab.txt") },
        };
        var seen = new Seen();
        using var laboratory = new Laboratory(new LaboratoryOptions(_lab.Path, _data.Folders), TimeProvider.System);
        var result = laboratory.Run(recipe, 1, seen, CancellationToken.None);

        Assert.All(result.Datasets, use => Assert.True(use.IsGraded));
        Assert.Equal(["fine-tune", "evaluate fine-tune", "prune", "evaluate prune"], result.Stages.Select(stage => stage.Name));
        foreach (var (trained, evaluation) in new[] { ("fine-tune", result.Stages[1]), ("prune", result.Stages[3]) })
        {
            Assert.Equal(
                [("all", "pearson", 5), ("all", "spearman", 5), ("all", "pearson_spearman_mean", 5), ("all", "loss", 5)],
                evaluation.Scores.Select(score => (score.Slice, score.Metric, score.N)));
            var best = seen.Evaluations.Where(evaluated => evaluated.Stage == trained).MaxBy(evaluated => Mean(evaluated.Scores))!;
            Assert.All(evaluation.Scores, score => Assert.Equal(best.Step, score.CheckpointStep));
            Assert.Equal(Mean(best.Scores), Mean(evaluation.Scores), 1e-6);
        }
        Assert.Equal(0.5, result.Stages[2].Sparsity!.Value, 1e-3);
        var cell = new Cell("graded", recipe);
        var text = SeedReport.Of(new Preset("test/graded", "Grades.", "none", [cell], [1], []), [(cell, result)]).ToMarkdown();
        Assert.Contains("| stsb | dev | 5 | 1,500 | no classes |", text, StringComparison.Ordinal);
        Assert.Contains("| graded | 50.00 % | stsb | dev | spearman |", text, StringComparison.Ordinal);
    }

    private static double Mean(IReadOnlyList<Score> scores) => scores.SingleOrDefault(score => score.Metric == "pearson_spearman_mean")?.Value ?? 0;

    private sealed class Seen : IRunObserver
    {
        public List<Evaluated> Evaluations { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is Evaluated evaluated)
                Evaluations.Add(evaluated);
        }
    }
}
