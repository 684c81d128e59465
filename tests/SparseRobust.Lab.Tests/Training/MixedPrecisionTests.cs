using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

/// <summary>Training in bfloat16 against training in fp32, on the built-in task.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    // Significands of 8 bits, rounded to nearest.
    private const double UnitRoundoff = 1 / 256.0;

    // Roundings one after another on the way from ids to logits, 13 a layer: value (input, weight, result), context (weights of attention, result), attention's output
    // (weight, result), intermediate (input, weight, result), GELU, output (weight, result); then pooler (input, weight, result, tanh) and classifier (weight, result).
    private const int Roundings = 2 * 13 + 4 + 2;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ObjectiveSpec> Objectives => [new CrossEntropySpec(), new ProductOfExpertsSpec()];

    /// <summary>Worst case to first order: every rounding errs by a whole unit in the same direction, so k of them by k u of the loss's own scale, ln 3. On average they err at
    /// random, and their sum grows as the square root of k.</summary>
    [Theory]
    [MemberData(nameof(Objectives))]
    public void Loss_curves_of_both_precisions_stay_within_the_rounding_error(ObjectiveSpec objective)
    {
        var training = new TrainingSpec { Objective = objective, NumTrainEpochs = 2, PerDeviceTrainBatchSize = 32, LearningRate = 3e-3, WarmupSteps = 0.1, EvalSteps = 1000 };
        var full = Losses(Dense(training));
        var mixed = Losses(Dense(training with { Bf16 = true }));
        Assert.Equal(100, full.Count);
        var differences = full.Zip(mixed, (a, b) => Math.Abs(a - b)).ToList();
        Assert.True(differences[0] > 0, "nothing was rounded");
        Assert.True(full[..10].Average() - full[^10..].Average() > Roundings * UnitRoundoff * Math.Log(3), "the curve falls too little to tell anything");
        Assert.InRange(differences.Max(), 0, Roundings * UnitRoundoff * Math.Log(3));
        Assert.InRange(differences.Average(), 0, Math.Sqrt(Roundings) * UnitRoundoff * Math.Log(3));
    }

    [Fact]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes()
    {
        var recipe = Pruned();
        var expected = Weights(_folder.Path, Run(recipe, _folder.Path));
        foreach (var (stage, step) in new[] { ("fine-tune", 4), ("prune", 3), ("prune", 14) })
        {
            using var other = new TemporaryFolder();
            RunUntil(recipe, other.Path, stage, step);
            Assert.Equal(expected, Weights(other.Path, Run(recipe, other.Path)));
        }
    }

    [Fact]
    public void Weights_scores_and_moments_are_fp32()
    {
        RunUntil(Pruned(), _folder.Path, "prune", 3);
        using var checkpoint = SafetensorsFile.Open(Directory.GetFiles(_folder.Path, "checkpoint.safetensors", SearchOption.AllDirectories).Single());
        var entries = checkpoint.Entries.Where(entry => entry.Name is not ("random_state" or "optimizer.steps")).ToList();
        Assert.Contains(entries, entry => entry.Name.StartsWith("pruning.", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Name.StartsWith("optimizer.exp_avg_sq.", StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.Equal("F32", entry.DType));
    }

    /// <summary>The evaluation after the last update and that of the finished model, which never knew bfloat16, give the same numbers.</summary>
    [Fact]
    public void Evaluation_is_fp32_in_training_too()
    {
        var seen = new Recorder();
        var training = Short() with { SelectFrom = 1, Bf16 = true };
        var result = Laboratory(_folder.Path).Run(Dense(training), 1, seen, CancellationToken.None);
        var inTraining = seen.Events.OfType<Evaluated>().Last(e => e.Stage == "fine-tune").Scores.Where(score => score.Split == "dev").ToList();
        var afterwards = result.Stages[^1].Scores.Where(score => score.Split == "dev").ToList();
        Assert.Contains(afterwards, score => score.Metric == "loss");
        // The finished model's scores go on with slices that are not watched in training.
        Assert.Equal(afterwards.Take(inTraining.Count).Select(score => (score.Slice, score.Metric, score.Value)), inTraining.Select(score => (score.Slice, score.Metric, score.Value)));
    }

    [Fact]
    public void A_diverging_run_fails_by_name()
    {
        var training = Short() with { Bf16 = true, LearningRate = 10, MaxGradNorm = 0, WeightDecay = 1, AdamEpsilon = 1e-12 };
        Assert.Equal(ProblemCode.TrainingDiverged, Assert.Throws<LabException>(() => Run(Dense(training), _folder.Path)).Code);
    }

    [Fact]
    public void A_tensor_library_without_autocast_refuses_it_field_by_field()
    {
        Assert.Equal(["$.paradigm.fine_tuning.bf16", "$.paradigm.pruning_training.bf16"], RecipeRules.Faults(Pruned(), hasMixedPrecision: false).Select(fault => fault.Path));
        Assert.Empty(RecipeRules.Faults(Dense(Short()), hasMixedPrecision: false));
        Assert.Empty(RecipeRules.Faults(Pruned(), hasMixedPrecision: true));
    }

    [Fact]
    public void It_is_another_run_only_when_asked_for()
    {
        Assert.Equal(Hash("{}"), Hash("""{ "bf16": false }"""));
        Assert.NotEqual(Hash("{}"), Hash("""{ "bf16": true }"""));

        static string Hash(string training) =>
            RecipeHash.Of(RecipeReader.Read($$"""{ "task": { "kind": "shortcut-nli" }, "paradigm": { "kind": "full-model", "fine_tuning": {{training}} } }"""));
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingSpec Short() => new() { NumTrainEpochs = 0.5, PerDeviceTrainBatchSize = 40, LearningRate = 1e-3, EvalSteps = 10, OutOfDistributionSampleRows = 60 };

    private static RunRecipe Dense(TrainingSpec training) => new()
    {
        Task = new ShortcutNliTask { TrainRows = 1600, EvaluationRows = 120 },
        Model = new BertSpec { HiddenSize = 32, IntermediateSize = 64, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.06 },
        Paradigm = new FullModel { FineTuning = training },
    };

    // With dropout, whose draws must go on where they stopped.
    private static RunRecipe Pruned() => Dense(Short()) with
    {
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32 },
        Paradigm = new AfterFineTuning { FineTuning = Short() with { Bf16 = true }, Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = Short() with { Bf16 = true } },
    };

    private static Laboratory Laboratory(string root) =>
        new(new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 7) }, TimeProvider.System);

    private static RunResult Run(RunRecipe recipe, string root) => Laboratory(root).Run(recipe, 1, new Recorder(), CancellationToken.None);

    private static void RunUntil(RunRecipe recipe, string root, string stage, int step)
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Laboratory(root).Run(recipe, 1, new CancelAt(cancel, stage, step), cancel.Token));
    }

    private List<double> Losses(RunRecipe recipe)
    {
        var seen = new Recorder();
        Laboratory(_folder.Path).Run(recipe, 1, seen, CancellationToken.None);
        return [.. seen.Events.OfType<StepMeasured>().Where(e => e.Values.ContainsKey("train/loss")).Select(e => e.Values["train/loss"])];
    }

    private static byte[] Weights(string root, RunResult result) =>
        File.ReadAllBytes(Path.Combine(root, "stages", result.Stages.Last(stage => stage.Name == "prune").Hash, "model.safetensors"));

    private sealed class Recorder : IRunObserver
    {
        public List<RunEvent> Events { get; } = [];

        public void On(RunEvent runEvent) => Events.Add(runEvent);
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
