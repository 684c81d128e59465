using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

/// <summary>A run's journal tells of each of its stages from the first step to the last, whoever computed it and however often they were stopped.</summary>
public sealed class WholeCurvesTests : IDisposable
{
    private readonly TemporaryFolder _alone = new();
    private readonly TemporaryFolder _shared = new();

    public void Dispose()
    {
        _alone.Dispose();
        _shared.Dispose();
    }

    [Fact]
    public void A_run_that_reuses_a_stage_has_that_stages_curve()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Run(Dense(), _shared);
        var seen = new Recorder();
        var journal = Run(Pruned(0.5), _shared, seen);
        Assert.Equal(expected, Points(journal));
        AssertOnceEach(journal);
        Assert.Equal(journal.Select(e => e.Sequence), seen.Events.Select(e => e.Sequence));
        var reused = journal.OfType<StageReused>().Single(e => e.Stage == "fine-tune");
        Assert.Equal(30, reused.TotalSteps);
        Assert.All(journal.Skip((int)reused.Sequence).Take(reused.Replayed), e => Assert.True(e is StepMeasured { Stage: "fine-tune" } or Evaluated { Stage: "fine-tune" }, $"{e}"));
        Assert.Equal(0, journal.OfType<StageReused>().Single(e => e.Stage == "evaluate fine-tune").TotalSteps);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(25)]
    public void A_run_that_goes_on_with_anothers_stage_has_that_stages_curve(int stopAt)
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Stop(Dense(), stopAt);
        var journal = Run(Pruned(0.5), _shared);
        Assert.Equal(stopAt, journal.OfType<StageStarted>().Single(e => e.Stage == "fine-tune").FromStep);
        Assert.Equal(expected, Points(journal));
        AssertOnceEach(journal);
    }

    [Fact]
    public void Two_runs_that_take_turns_at_a_stage_both_have_its_whole_curve()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Stop(Dense(), 5);
        Stop(Pruned(0.5), 10);
        Stop(Dense(), 15);
        Stop(Pruned(0.5), 20);
        var dense = Run(Dense(), _shared);
        var pruned = Run(Pruned(0.5), _shared);
        Assert.Equal(expected, Points(pruned));
        Assert.Equal(expected.Where(point => point.StartsWith("fine-tune ", StringComparison.Ordinal)), Points(dense).Where(point => point.StartsWith("fine-tune ", StringComparison.Ordinal)));
        AssertOnceEach(pruned);
        AssertOnceEach(dense);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_run_killed_while_it_repeats_a_reused_stages_events_begins_that_again(int killAfter)
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Run(Dense(), _shared);
        Assert.Throws<InvalidOperationException>(() => Run(Pruned(0.5), _shared, new CrashAfterReuse(killAfter)));
        var journal = Run(Pruned(0.5), _shared);
        Assert.Equal(expected, Points(journal));
        AssertOnceEach(journal);
    }

    [Fact]
    public void A_run_killed_while_it_repeats_a_begun_stages_events_begins_that_again()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Stop(Dense(), 20);
        Assert.Throws<InvalidOperationException>(() => Run(Pruned(0.5), _shared, new Crash(e => e is StepMeasured { Step: 10 })));
        var journal = Run(Pruned(0.5), _shared);
        Assert.Equal(expected, Points(journal));
        AssertOnceEach(journal);
    }

    [Fact]
    public void A_run_killed_again_and_again_before_its_next_checkpoint_tells_nothing_twice()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Stop(Pruned(0.5), 10, stage: "prune");
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Throws<InvalidOperationException>(() => Run(Pruned(0.5), _shared, new Crash(e => e is StageStarted { Stage: "prune" })));
        var seen = new Recorder();
        var journal = Run(Pruned(0.5), _shared, seen);
        Assert.Equal(expected, Points(journal));
        AssertOnceEach(journal);
        // It has seen the points before the checkpoint itself.
        Assert.All(seen.Events.OfType<StepMeasured>(), e => Assert.True(e is { Stage: "prune", Step: > 10 }, $"{e}"));
    }

    [Fact]
    public void A_run_whose_journal_was_deleted_gets_the_curves_back()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        Stop(Pruned(0.5), 10, stage: "prune");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            // First of a run that was stopped, then of the run when it is finished.
            File.Delete(JournalPath());
            var journal = Run(Pruned(0.5), _shared);
            Assert.Equal(expected, Points(journal));
            AssertOnceEach(journal);
            Assert.IsType<RunFinished>(journal[^1]);
        }
    }

    [Fact]
    public void A_stage_without_kept_events_is_reused_all_the_same_and_the_journal_says_so()
    {
        Run(Dense(), _shared);
        foreach (var events in Directory.GetFiles(Path.Combine(_shared.Path, "stages"), "events.jsonl", SearchOption.AllDirectories))
            File.Delete(events);
        var journal = Run(Pruned(0.5), _shared);
        Assert.Equal(30, journal.OfType<StageReused>().First().TotalSteps);
        Assert.DoesNotContain(journal, e => e is StepMeasured { Stage: "fine-tune" });
        Assert.Contains(journal, e => e is Noted { Stage: "fine-tune" } noted && noted.Text.Contains("not kept", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_waited_for_another_process_has_the_curve_of_what_that_one_made()
    {
        var expected = Points(Run(Pruned(0.5), _alone));
        var made = Directory.GetDirectories(Path.Combine(_alone.Path, "stages"))
            .Single(folder => File.ReadAllText(Path.Combine(folder, "stage.json")).Contains("\"stage\": \"fine-tune\"", StringComparison.Ordinal));
        var held = new StageStore(_shared.Path).TryLock(Path.GetFileName(made))!;
        var journal = Run(Pruned(0.5), _shared, new Act(e => e is Noted, () =>
        {
            Directory.Move(made, made.Replace(_alone.Path, _shared.Path, StringComparison.Ordinal));
            held.Dispose();
        }));
        Assert.Contains(journal, e => e is StageReused { Stage: "fine-tune" });
        Assert.Equal(expected, Points(journal));
    }

    [Fact]
    public void A_finished_run_whose_last_line_was_lost_gets_it_back()
    {
        var whole = Run(Dense(), _shared);
        File.WriteAllLines(JournalPath(), File.ReadAllLines(JournalPath())[..^1]);
        var again = Run(Dense(), _shared);
        Assert.Equal(whole.Count, again.Count);
        Assert.Equal(((RunFinished)whole[^1]).WallSeconds, ((RunFinished)again[^1]).WallSeconds);
        Assert.Equal(again.Count, Run(Dense(), _shared).Count);
    }

    [Fact]
    public void The_final_scores_stand_at_the_step_of_the_checkpoint_they_are_of()
    {
        var journal = Run(Pruned(0.5), _alone);
        foreach (var stage in new[] { "fine-tune", "prune" })
        {
            var final = journal.OfType<Evaluated>().Single(e => e.Subject == stage);
            Assert.Equal($"evaluate {stage}", final.Stage);
            var sameWeights = journal.OfType<Evaluated>().Single(e => e.Stage == stage && e.Step == final.Step);
            Assert.Equal(journal.OfType<Evaluated>().Where(e => e.Stage == stage).Max(DevAccuracy), DevAccuracy(sameWeights));
            Assert.Equal(DevAccuracy(sameWeights), DevAccuracy(final));
            Assert.All(final.Scores, score => Assert.Equal(final.Step, score.CheckpointStep));
        }
    }

    [Fact]
    public void A_journal_has_what_a_chart_of_all_stages_on_one_axis_needs()
    {
        var journal = Run(Pruned(0.5), _alone);
        Assert.Equal([("fine-tune", 30), ("evaluate fine-tune", 0), ("prune", 30), ("evaluate prune", 0)], journal.OfType<StageStarted>().Select(e => (e.Stage, e.TotalSteps)));
        foreach (var stage in new[] { "fine-tune", "prune" })
        {
            var measured = journal.OfType<StepMeasured>().Where(e => e.Stage == stage).ToList();
            int[] StepsOf(string key) => [.. measured.Where(e => e.Values.ContainsKey(key)).Select(e => e.Step)];
            Assert.Equal([5, 10, 15, 20, 25, 30], StepsOf("train/loss"));
            Assert.Equal([5, 10, 15, 20, 25, 30], StepsOf("train/learning_rate"));
            Assert.Equal(stage == "prune" ? [10, 20, 30] : [], StepsOf("prune/sparsity"));
            var evaluated = journal.OfType<Evaluated>().Where(e => e.Stage == stage).ToList();
            Assert.Equal([10, 20, 30], evaluated.Select(e => e.Step));
            Assert.All(evaluated, e => Assert.Equal(["dev", "ood", "ood-reversed"], e.Scores.Where(score => score is { Slice: "all", Metric: "accuracy" }).Select(score => score.Split)));
        }
        AssertOnceEach(journal);
    }

    private static double DevAccuracy(Evaluated e) => e.Scores.Single(score => score is { Split: "dev", Slice: "all", Metric: "accuracy" }).Value;

    private static RunRecipe Dense() => Pruned(0) with { Paradigm = new FullModel { FineTuning = Training } };

    private static RunRecipe Pruned(double sparsity) => new()
    {
        Task = new ShortcutNliTask { TrainRows = 600, EvaluationRows = 120 },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64 },
        MaxLength = 64,
        Paradigm = new AfterFineTuning { FineTuning = Training, Pruning = new MaskTrainingSpec { Sparsity = sparsity }, PruningTraining = Training },
    };

    private static TrainingSpec Training { get; } = new() { Objective = new CrossEntropySpec(), NumTrainEpochs = 1, PerDeviceTrainBatchSize = 20, LearningRate = 1e-3, EvalSteps = 10, OutOfDistributionSampleRows = 60 };

    private static List<RunEvent> Run(RunRecipe recipe, TemporaryFolder folder, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        var options = new LaboratoryOptions(folder.Path, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 5, SaveSteps: 7) };
        var result = new Laboratory(options, TimeProvider.System).Run(recipe, 1, observer ?? new Recorder(), cancellation);
        return [.. RunJournal.ReadAfter(RunDirectory.JournalPathOf(RunDirectory.FolderOf(folder.Path, result.RunId)), 0)];
    }

    private string JournalPath() => Directory.GetFiles(Path.Combine(_shared.Path, "runs"), "events.jsonl", SearchOption.AllDirectories).Single();

    /// <summary>Cancels at a logging step of a stage, which leaves a checkpoint of just that step.</summary>
    private void Stop(RunRecipe recipe, int step, string stage = "fine-tune")
    {
        using var cancel = new CancellationTokenSource();
        var canceller = new Act(e => e is StepMeasured measured && measured.Stage == stage && measured.Step >= step, cancel.Cancel);
        Assert.Throws<OperationCanceledException>(() => Run(recipe, _shared, canceller, cancel.Token));
    }

    /// <summary>Every measurement but those of time and memory, and every score, as stage, step, name and value, in the journal's order.</summary>
    private static List<string> Points(IEnumerable<RunEvent> journal) => [.. journal.SelectMany(e => e switch
    {
        StepMeasured measured => measured.Values.Where(value => !value.Key.StartsWith("system/", StringComparison.Ordinal) && value.Key is not ("train/step_seconds" or "train/examples_per_second" or "train/tokens_per_second"))
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{measured.Stage} {measured.Step} {value.Key} {value.Value:R}")),
        Evaluated evaluated => evaluated.Scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{evaluated.Stage} {evaluated.Step} {score.Split} {score.Slice} {score.Metric} {score.Value:R}")),
        _ => [],
    })];

    /// <summary>Exactly one point per stage, step and name, steps in order.</summary>
    private static void AssertOnceEach(List<RunEvent> journal)
    {
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(i => (long)i), journal.Select(e => e.Sequence));
        var measured = journal.OfType<StepMeasured>().SelectMany(e => e.Values.Keys.Select(key => (e.Stage, e.Step, key))).ToList();
        Assert.Equal(measured.Distinct(), measured);
        Assert.All(journal.OfType<StepMeasured>().GroupBy(e => e.Stage), stage => Assert.Equal(stage.Select(e => e.Step).Order(), stage.Select(e => e.Step)));
        Assert.All(journal.OfType<Evaluated>().GroupBy(e => e.Stage), stage => Assert.Equal(stage.Select(e => e.Step).Distinct().Order(), stage.Select(e => e.Step)));
    }

    private sealed class Recorder : IRunObserver
    {
        public List<RunEvent> Events { get; } = [];

        public void On(RunEvent runEvent) => Events.Add(runEvent);
    }

    private sealed class Act(Predicate<RunEvent> moment, Action act) : IRunObserver
    {
        private bool _done;

        public void On(RunEvent runEvent)
        {
            if (_done || !moment(runEvent))
                return;
            _done = true;
            act();
        }
    }

    private sealed class Crash(Predicate<RunEvent> moment) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (moment(runEvent))
                throw new InvalidOperationException("as if killed");
        }
    }

    private sealed class CrashAfterReuse(int events) : IRunObserver
    {
        private int _left = int.MaxValue;

        public void On(RunEvent runEvent)
        {
            if (runEvent is StageReused { Stage: "fine-tune" })
                _left = events;
            else if (--_left == 0)
                throw new InvalidOperationException("as if killed");
        }
    }
}
