using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

/// <summary>Whole trainings that differ in how batches are padded, put together or taken apart.</summary>
public sealed class BatchingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Without_dropout_padding_to_the_maximum_trains_the_same_model()
    {
        var longest = Losses(Training());
        var maximum = Losses(Training() with { Padding = Padding.MaxLength });
        Assert.Equal(30, longest.Count);
        Assert.Equal(longest, maximum, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void With_dropout_it_draws_other_random_numbers()
    {
        var longest = Losses(Training(), dropout: 0.1);
        var maximum = Losses(Training() with { Padding = Padding.MaxLength }, dropout: 0.1);
        Assert.True(Math.Abs(longest[0] - maximum[0]) > 1e-4, $"{longest[0]} and {maximum[0]}");
    }

    [Fact]
    public void The_share_of_padding_is_measured()
    {
        double Mean(TrainingSpec training) => Measured(training, dropout: 0).Average(measured => measured.Values["train/padding_share"]);
        var longest = Mean(Training());
        var grouped = Mean(Training() with { GroupByLengthBatches = 10 });
        var maximum = Mean(Training() with { Padding = Padding.MaxLength });
        Assert.InRange(longest, 0.05, 0.6);
        Assert.InRange(grouped, 0, longest / 2);
        Assert.InRange(maximum, longest + 0.2, 1);
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(5, 4)]
    public void Without_dropout_gradients_of_parts_add_up_to_those_of_the_whole_batch(int rows, int parts)
    {
        // 590 rows: the last update of the epoch has 10, of which a part of 20 / 4 takes 5.
        var whole = Losses(Training(), dropout: 0, trainRows: 590);
        var added = Losses(Training() with { PerDeviceTrainBatchSize = rows, GradientAccumulationSteps = parts }, dropout: 0, trainRows: 590);
        Assert.Equal(30, whole.Count);
        Assert.True(whole[0] - whole[^1] > 1e-3, "It learns, so that equal losses mean equal gradients.");
        Assert.Equal(whole, added, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_run_grouped_by_length_is_resumed_to_the_same_bytes()
    {
        var recipe = Recipe(Training() with { GroupByLengthBatches = 4, NumTrainEpochs = 1.5 }, dropout: 0.1);
        var expected = Weights(_folder.Path, Run(recipe, _folder.Path, new Recorder()));
        foreach (var cancelAt in new[] { 3, 14, 31 })
        {
            using var other = new TemporaryFolder();
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Run(recipe, other.Path, new Recorder(step => CancelFrom(cancel, step, cancelAt)), cancel.Token));
            Assert.Equal(expected, Weights(other.Path, Run(recipe, other.Path, new Recorder())));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void CancelFrom(CancellationTokenSource cancel, int step, int first)
    {
        if (step >= first)
            cancel.Cancel();
    }

    private static TrainingSpec Training() => new() { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 20, LearningRate = 1e-3, EvalSteps = 1000, OutOfDistributionSampleRows = 60 };

    private static RunRecipe Recipe(TrainingSpec training, double dropout, int trainRows = 600) => new()
    {
        Task = new ShortcutNliTask { TrainRows = trainRows, EvaluationRows = 90 },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64, HiddenDropoutProb = dropout, AttentionProbsDropoutProb = dropout },
        MaxLength = 64,
        Paradigm = new FullModel { FineTuning = training },
    };

    private List<double> Losses(TrainingSpec training, double dropout = 0, int trainRows = 600) => [.. Measured(training, dropout, trainRows).Select(measured => measured.Values["train/loss"])];

    private List<StepMeasured> Measured(TrainingSpec training, double dropout, int trainRows = 600)
    {
        var recorder = new Recorder();
        Run(Recipe(training, dropout, trainRows), _folder.Path, recorder);
        return [.. recorder.Measured.Where(measured => measured.Values.ContainsKey("train/loss"))];
    }

    private static RunResult Run(RunRecipe recipe, string root, Recorder recorder, CancellationToken cancellation = default)
    {
        var options = new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 7) };
        return new Laboratory(options, TimeProvider.System).Run(recipe, 1, recorder, cancellation);
    }

    private static byte[] Weights(string root, RunResult result) =>
        File.ReadAllBytes(Path.Combine(root, "stages", result.Stages.First(stage => stage.Name == "fine-tune").Hash, ModelFolder.WeightsFile));

    private sealed class Recorder(Action<int>? onStep = null) : IRunObserver
    {
        public List<StepMeasured> Measured { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is not StepMeasured measured)
                return;
            Measured.Add(measured);
            onStep?.Invoke(measured.Step);
        }
    }
}
