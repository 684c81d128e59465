using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs of mask training whose sparsity rises: 10 updates, an evaluation after every second.</summary>
public sealed class GradualPruningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1.0, 10)]
    [InlineData(0.6, 6)]
    public void The_sparsity_follows_the_schedule_at_evaluations_and_only_the_final_one_is_chosen(double to, int earliest)
    {
        var events = new List<RunEvent>();
        var run = TinyRuns.Run(_folder.Path, Recipe(to), new Recorder(events));
        var schedule = new CubicSparsity { InitialSparsity = 0.5, To = to };
        var told = events.OfType<StepMeasured>().Where(e => e.Stage == "prune" && e.Values.ContainsKey("prune/sparsity")).ToList();
        Assert.Equal([2, 4, 6, 8, 10], told.Select(e => (int)e.Step));
        Assert.All(told, e => Assert.Equal(Exact(schedule.At(new Step((int)e.Step, new Budget(10, 15)), 0.9)), e.Values["prune/sparsity"], 12));
        var prune = run.Stages.Single(stage => stage.Name == "prune");
        Assert.Equal(Exact(0.9), prune.Sparsity!.Value, 12);
        Assert.InRange(TrainingOutcome.Load(Path.Combine(_folder.Path, "stages", prune.Hash))!.BestStep, earliest, 10);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void A_run_cut_short_goes_on_and_ends_with_the_same_bytes(int step)
    {
        var expected = Bytes(_folder.Path, TinyRuns.Run(_folder.Path, Recipe(0.6)));
        using var other = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Path, Recipe(0.6), new CancelAt(cancel, step), cancel.Token));
        Assert.Equal(expected, Bytes(other.Path, TinyRuns.Run(other.Path, Recipe(0.6))));
    }

    public void Dispose() => _folder.Dispose();

    private static RunRecipe Recipe(double to) => TinyRuns.Recipe(new WithoutFineTuning
    {
        Pruning = new MaskTrainingSpec { Sparsity = 0.9, Initialisation = MaskInitialisation.Soft, Gradual = new CubicSparsity { InitialSparsity = 0.5, To = to } },
        PruningTraining = TinyRuns.Training(new CrossEntropySpec()) with { NumTrainEpochs = 0.7 },
    });

    // Of a layer's four matrices of 256 weights and two of 512.
    private static double Exact(double sparsity) => (4 * Selection.ZeroCount(256, sparsity) + 2 * Selection.ZeroCount(512, sparsity)) / 2048.0;

    private static byte[] Bytes(string root, RunResult run) =>
        File.ReadAllBytes(Path.Combine(root, "stages", run.Stages.Single(stage => stage.Name == "prune").Hash, "model.safetensors"));

    private sealed class Recorder(List<RunEvent> events) : IRunObserver
    {
        public void On(RunEvent runEvent) => events.Add(runEvent);
    }

    private sealed class CancelAt(CancellationTokenSource cancel, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured { Stage: "prune" } measured && measured.Step >= step)
                cancel.Cancel();
        }
    }
}
