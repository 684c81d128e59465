using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Evaluation;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

/// <summary>Which of a training's checkpoints is kept.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("accuracy")]
    [InlineData("loss")]
    public void The_checkpoint_with_the_most_of_the_metric_is_kept_and_the_first_of_equals(string metric)
    {
        var (outcome, values) = Train(metric);
        Assert.Equal(10, values.Count);
        Assert.True(values.Select(value => value.Value).Distinct().Count() > 1);
        var best = values.First(value => value.Value == values.Max(other => other.Value));
        Assert.Equal((best.Step, (double?)best.Value), (outcome.BestStep, outcome.BestMetric));
    }

    [Fact]
    public void A_metric_that_is_not_measured_is_named_with_those_that_are()
    {
        var refusal = Assert.Throws<LabException>(() => Train("no_such_metric"));
        Assert.Equal(ProblemCode.RecipeInvalid, refusal.Code);
        Assert.Contains("no_such_metric", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("accuracy", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accuracy_is_what_a_task_is_chosen_by_unless_it_says_otherwise() =>
        Assert.All(new LabelledTask[] { new ShortcutNliTask(), new MnliHansTask(), new FeverSymmetricTask(), new RandomTokensTask() }, task => Assert.Equal("accuracy", task.SelectionMetric));

    private (TrainingOutcome Outcome, List<(int Step, double Value)> Values) Train(string metric)
    {
        manual_seed(1);
        using var model = new BertForSequenceClassification(TinyBert.Spec, 24, 3);
        var evaluated = new Recorder();
        using var journal = RunJournal.Open(Path.Combine(_folder.Path, "run.jsonl"), TimeProvider.System, evaluated);
        using var events = StageJournal.Open(journal, _folder.Path, "fine-tune", "hash");
        events.GoOnFrom(null, isInRun: false);
        var data = PairsOfAllLengths.Encoded(40, maxLength: 32);
        var training = new TrainingSpec { NumTrainEpochs = 2, PerDeviceTrainBatchSize = 4, LearningRate = 3e-3, EvalSteps = 2 };
        using var workload = new ClassificationWorkload(new ClassificationInputs
        {
            Spec = training,
            Model = model,
            Train = data,
            Dev = data,
            SelectionMetric = metric,
            OutOfDistribution = [],
            PaddingId = 0,
            Seed = 1,
            Device = CPU,
        });
        var outcome = Trainer.Run(
            new TrainingInputs
            {
                Stage = "fine-tune",
                Spec = training,
                Workload = workload,
                Seed = 1,
                Device = CPU,
                Journal = events,
                WorkFolder = _folder.Path,
                RunId = "run",
                Cadence = new TrainingCadence(),
            },
            CancellationToken.None);
        return (outcome, [.. evaluated.Events.Select(e => (e.Step, e.Scores.First(score => score.Slice == "all" && score.Metric == metric).Value))]);
    }

    private sealed class Recorder : IRunObserver
    {
        public List<Evaluated> Events { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is Evaluated evaluated)
                Events.Add(evaluated);
        }
    }
}
