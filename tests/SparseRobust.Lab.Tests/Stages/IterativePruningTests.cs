using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs of iterative magnitude pruning: 30 updates of training, so three a level.</summary>
public sealed class IterativePruningTests : IDisposable
{
    private static readonly TrainingSpec Training = TinyRuns.Training(new CrossEntropySpec()) with { NumTrainEpochs = 2 };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Levels_are_stages_that_runs_with_other_targets_share()
    {
        var run = Run(Recipe(0.3));
        Assert.Equal(["fine-tune", "evaluate fine-tune", "prune to 0.1", "prune to 0.2", "prune to 0.3", "evaluate prune to 0.3"], run.Stages.Select(stage => stage.Name));
        Assert.Equal(["evaluate prune to 0.2"], Run(Recipe(0.2)).Stages.Where(stage => !stage.Reused).Select(stage => stage.Name));
        Assert.Equal(["prune to 0.4", "evaluate prune to 0.4"], Run(Recipe(0.4)).Stages.Where(stage => !stage.Reused).Select(stage => stage.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Masks_nest_removed_weights_are_zero_and_all_others_are_trained_the_classifier_too(bool isMixed)
    {
        var run = Run(Recipe(0.3, training: Training with { Bf16 = isMixed }));
        var before = Weights(run, "fine-tune");
        MaskSet? last = null;
        foreach (var name in new[] { "prune to 0.1", "prune to 0.2", "prune to 0.3" })
        {
            var (masks, weights) = (MasksOf(run, name), Weights(run, name));
            Assert.DoesNotContain(masks.Matrices, mask => mask.Id.IsHead);
            foreach (var mask in masks.Matrices)
            {
                Assert.All(weights[mask.Id.Name].Where((_, i) => !IsKept(mask, i)), weight => Assert.Equal(0f, weight));
                var inside = last?.Matrices.Single(matrix => matrix.Id == mask.Id);
                Assert.All(Enumerable.Range(0, weights[mask.Id.Name].Length).Where(i => IsKept(mask, i)), i => Assert.True(inside is null || IsKept(inside, i)));
            }
            foreach (var (parameter, values) in weights.Where(parameter => parameter.Key.EndsWith("dense.weight", StringComparison.Ordinal) || parameter.Key == "classifier.weight"))
                Assert.NotEqual(before[parameter], values);
            (last, before) = (masks, weights);
        }
    }

    [Fact]
    public void Every_level_starts_at_the_peak_of_the_learning_rate_and_takes_the_rows_after_those_of_the_level_before()
    {
        var events = new List<RunEvent>();
        TinyRuns.Run(_folder.Path, Recipe(0.3), new Recorder(events));
        var measured = events.OfType<StepMeasured>().Where(e => e.Stage.StartsWith("prune", StringComparison.Ordinal) && e.Values.ContainsKey("train/loss")).ToList();
        double[] level = [1, 29 / 30.0, 28 / 30.0];
        Assert.Equal([.. level, .. level, .. level], measured.Select(e => Math.Round(e.Values["train/learning_rate"] / Training.LearningRate, 12)), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal(Enumerable.Range(1, 9).Select(update => update / 15.0), measured.Select(e => e.Values["train/epoch"]));
        var outline = StageOutline.Of(Recipe(0.3), 300).Where(stage => stage.Name.StartsWith("prune", StringComparison.Ordinal));
        Assert.Equal(outline.Select(stage => stage.TotalSteps), events.OfType<StageStarted>().Where(e => e.Stage.StartsWith("prune", StringComparison.Ordinal)).Select(e => e.TotalSteps));
        Assert.All(outline, stage => Assert.Equal((3, 20), (stage.TotalSteps, stage.BatchSize)));
    }

    [Fact]
    public void What_a_level_ends_with_is_its_result_whatever_the_dev_set_says()
    {
        var run = Run(Recipe(0.1, training: Training with { EvalSteps = 1, LearningRate = 0.5 }));
        Assert.Equal(3, TrainingOutcome.Load(Folder(run, "prune to 0.1"))!.BestStep);
    }

    [Theory]
    [InlineData("prune to 0.1", 2)]
    [InlineData("prune to 0.2", 1)]
    [InlineData("prune to 0.2", 3)]
    public void A_run_cut_short_goes_on_and_ends_with_the_same_bytes(string stage, int step)
    {
        var expected = Bytes(_folder.Path, Run(Recipe(0.2)));
        using var other = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Path, Recipe(0.2), new CancelAt(cancel, stage, step), cancel.Token));
        Assert.Equal(expected, Bytes(other.Path, TinyRuns.Run(other.Path, Recipe(0.2))));
    }

    [Fact]
    public void Rewound_at_return_the_mask_is_that_of_iterative_pruning_and_the_weights_are_those_before_it()
    {
        var kept = Run(Recipe(0.3));
        var rewound = Run(Recipe(0.3, Rewinding.AtReturn));
        Assert.Equal(["prune to 0.3", "evaluate prune to 0.3"], rewound.Stages.Where(stage => !stage.Reused).Select(stage => stage.Name));
        AssertRewound(rewound);
        Assert.Equal(BitsOf(kept, "prune to 0.3"), BitsOf(rewound, "prune to 0.3"));
        Assert.NotEqual(BitsOf(Run(Recipe(new MagnitudeSpec { Sparsity = 0.3 }, null)), "prune"), BitsOf(rewound, "prune to 0.3"));
        Assert.Equal(0, TrainingOutcome.Load(Folder(rewound, "prune to 0.3"))!.TotalSteps);
    }

    [Fact]
    public void Rewound_at_every_prune_each_level_is_trained_from_the_weights_before_the_first()
    {
        var run = Run(Recipe(0.3, Rewinding.EveryPrune));
        AssertRewound(run);
        var others = Run(Recipe(0.3));
        // The first level prunes and trains the same weights; the second chooses by them, but trains those before.
        Assert.Equal(Weights(others, "prune to 0.1"), Weights(run, "prune to 0.1"));
        Assert.Equal(BitsOf(others, "prune to 0.2"), BitsOf(run, "prune to 0.2"));
        Assert.NotEqual(Weights(others, "prune to 0.2"), Weights(run, "prune to 0.2"));
    }

    [Fact]
    public void The_first_prune_of_a_rewound_run_is_one_shot_pruning() =>
        Assert.Equal(BitsOf(Run(Recipe(new MagnitudeSpec { Sparsity = 0.1 }, null)), "prune"), BitsOf(Run(Recipe(0.1, Rewinding.AtReturn)), "prune to 0.1"));

    [Fact]
    public void The_untrained_model_is_pruned_level_by_level_and_rewound_to_what_the_seed_gives()
    {
        RunRecipe Untrained(double sparsity) => TinyRuns.Recipe(new WithoutFineTuning { Pruning = new IterativeMagnitudeSpec { Sparsity = sparsity, Rewind = Rewinding.AtReturn }, PruningTraining = Training });
        var (less, more) = (Run(Untrained(0.1)), Run(Untrained(0.2)));
        foreach (var mask in MasksOf(more, "prune to 0.2").Matrices)
            Assert.Equal(
                Weights(less, "prune to 0.1")[mask.Id.Name].Where((_, i) => IsKept(mask, i)),
                Weights(more, "prune to 0.2")[mask.Id.Name].Where((_, i) => IsKept(mask, i)));
    }

    [Fact]
    public void No_tensor_outlives_a_run()
    {
        var before = LiveTensors.Settled();
        Run(Recipe(0.2, Rewinding.EveryPrune));
        Assert.Equal(before, TensorCensus.Live);
    }

    public void Dispose() => _folder.Dispose();

    private static RunRecipe Recipe(double sparsity, Rewinding rewind = Rewinding.Never, TrainingSpec? training = null) =>
        Recipe(new IterativeMagnitudeSpec { Sparsity = sparsity, Rewind = rewind }, training ?? Training);

    private static RunRecipe Recipe(PruningSpec pruning, TrainingSpec? training) =>
        TinyRuns.Recipe(new AfterFineTuning { FineTuning = TinyRuns.Training(new CrossEntropySpec()), Pruning = pruning, PruningTraining = training });

    private RunResult Run(RunRecipe recipe) => TinyRuns.Run(_folder.Path, recipe);

    private void AssertRewound(RunResult run)
    {
        var (first, last, masks) = (Weights(run, "fine-tune"), Weights(run, "prune to 0.3"), MasksOf(run, "prune to 0.3"));
        foreach (var (name, values) in first)
            Assert.Equal(masks.Matrices.SingleOrDefault(mask => mask.Id.Name == name) is { } mask ? values.Select((value, i) => IsKept(mask, i) ? value : 0) : values, last[name]);
    }

    private string Folder(RunResult run, string stage) => Path.Combine(_folder.Path, "stages", run.Stages.Single(made => made.Name == stage).Hash);

    private MaskSet MasksOf(RunResult run, string stage) => MaskFile.Load(Path.Combine(Folder(run, stage), MaskFile.Name));

    private List<string> BitsOf(RunResult run, string stage) => [.. MasksOf(run, stage).Matrices.Select(mask => $"{mask.Id.Name} {Convert.ToHexString(mask.Bits.Span)}")];

    private Dictionary<string, float[]> Weights(RunResult run, string stage)
    {
        using var model = ModelFolder.Load(Folder(run, stage), CPU);
        return model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.data<float>().ToArray());
    }

    private static byte[] Bytes(string root, RunResult run) =>
        File.ReadAllBytes(Path.Combine(root, "stages", run.Stages.Single(stage => stage.Name == "prune to 0.2").Hash, "model.safetensors"));

    private static bool IsKept(MatrixMask mask, int index) => ((mask.Bits.Span[index >> 3] >> (index & 7)) & 1) == 1;

    private sealed class Recorder(List<RunEvent> events) : IRunObserver
    {
        public void On(RunEvent runEvent) => events.Add(runEvent);
    }

    private sealed class CancelAt(CancellationTokenSource cancel, string stage, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Stage == stage && measured.Step >= step)
                cancel.Cancel();
        }
    }
}
