using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Searches that start in the midst of a fine-tuning of three updates.</summary>
public sealed class SearchTimingTests : IDisposable
{
    private const string FineTune = "fine-tune";

    private static readonly TrainingSpec Plain = TinyRuns.Training(new CrossEntropySpec()) with { SelectFrom = 1 };

    // Removes nothing and trains nothing: its output is what a search starts from.
    private static readonly AfterFineTuning Search = new() { FineTuning = Plain with { KeepEverySteps = 1 }, Pruning = new MagnitudeSpec { Sparsity = 0 } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_search_starts_from_the_weights_after_that_many_updates(int steps)
    {
        var started = WeightsIn(FolderOf(Run(Search with { StartSteps = steps }), "prune"), ModelFolder.WeightsFile);
        Assert.Equal(started, Checkpointed(steps));
    }

    [Fact]
    public void The_last_update_and_no_update_are_the_ends()
    {
        var live = LiveTensors.Settled();
        var last = FolderOf(Run(Search with { StartSteps = 3 }), "prune");
        Assert.Equal(live, TensorCensus.Live);
        var chosen = FolderOf(Run(Search), "prune");
        Assert.Equal(File.ReadAllBytes(Path.Combine(chosen, ModelFolder.WeightsFile)), File.ReadAllBytes(Path.Combine(last, ModelFolder.WeightsFile)));
        Assert.NotEqual(chosen, last);
        Assert.Equal(FolderOf(Run(new WithoutFineTuning { Pruning = Search.Pruning }), "prune"), FolderOf(Run(Search with { StartSteps = 0 }), "prune"));
    }

    [Fact]
    public void All_starts_share_one_fine_tuning()
    {
        using var laboratory = new Laboratory(new LaboratoryOptions(_folder.Path, new DatasetFolders([])), TimeProvider.System);
        var plans = new int?[] { null, 0, 1, 2, 3 }.Select(start => laboratory.Plan(TinyRuns.Recipe(Search with { StartSteps = start }), 1, CancellationToken.None)).ToList();
        Assert.Equal([FineTune, $"evaluate {FineTune}"], plans.Aggregate((common, plan) => [.. common.Intersect(plan)]).Select(stage => stage.Name));
        Assert.Equal(5, plans.Select(plan => plan.Single(stage => stage.Name == "prune").Hash).Distinct().Count());
    }

    [Fact]
    public void Keeping_weights_leaves_the_training_as_it_was()
    {
        var (plain, keeping) = (FolderOf(Run(new FullModel { FineTuning = Plain }), FineTune), FolderOf(Run(new FullModel { FineTuning = Search.FineTuning }), FineTune));
        Assert.NotEqual(plain, keeping);
        Assert.Equal(File.ReadAllBytes(Path.Combine(plain, ModelFolder.WeightsFile)), File.ReadAllBytes(Path.Combine(keeping, ModelFolder.WeightsFile)));
        Assert.Empty(KeptIn(plain));
        Assert.Equal(["weights-1.safetensors", "weights-2.safetensors", "weights-3.safetensors"], KeptIn(keeping).Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cancelled_fine_tuning_goes_on_and_keeps_the_same_bytes(int step)
    {
        var expected = KeptIn(FolderOf(Run(Search), FineTune));
        using var other = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Path, TinyRuns.Recipe(Search), new CancelAt(cancel, step), cancel.Token));
        var result = TinyRuns.Run(other.Path, TinyRuns.Recipe(Search));
        Assert.Equal(expected, KeptIn(Path.Combine(other.Path, "stages", result.Stages[0].Hash)));
    }

    [Fact]
    public void A_fine_tuning_killed_between_keeping_and_saving_goes_on_and_keeps_the_same_bytes()
    {
        var expected = KeptIn(FolderOf(Run(Search), FineTune));
        using var other = new TemporaryFolder();
        var live = LiveTensors.Settled();
        Assert.Throws<InvalidOperationException>(() => TinyRuns.Run(other.Path, TinyRuns.Recipe(Search), new CrashAtEvaluation(step: 2)));
        Assert.Equal(live, TensorCensus.Live);
        Assert.Equal(2, Directory.GetFiles(other.Path, "weights-*", SearchOption.AllDirectories).Length);
        var result = TinyRuns.Run(other.Path, TinyRuns.Recipe(Search));
        Assert.Equal(expected, KeptIn(Path.Combine(other.Path, "stages", result.Stages[0].Hash)));
    }

    [Fact]
    public void A_start_that_is_not_kept_is_refused()
    {
        Assert.Equal("$.paradigm.start_steps", Fault(Search with { StartSteps = 1, FineTuning = Plain }).Path);
        Assert.Equal("$.paradigm.start_steps", Fault(Search with { StartSteps = 3, FineTuning = Plain with { KeepEverySteps = 2 } }).Path);
        Assert.Equal("$.paradigm.start_steps", Fault(Search with { StartSteps = -1 }).Path);
        Assert.Empty(RecipeRules.Faults(TinyRuns.Recipe(Search with { StartSteps = 0, FineTuning = Plain })));
        Assert.Equal("$.paradigm.pruning_training.keep_every_steps", Fault(Search with { PruningTraining = Search.FineTuning }).Path);
    }

    [Fact]
    public void A_start_after_the_end_is_refused_before_anything_runs()
    {
        var fault = Assert.Single(Assert.Throws<RecipeInvalidException>(() => Run(Search with { StartSteps = 4 })).Faults);
        Assert.Equal("$.paradigm.start_steps", fault.Path);
        Assert.Contains("more than the 3 updates", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "stages")));
        using var laboratory = new Laboratory(new LaboratoryOptions(_folder.Path, new DatasetFolders([])), TimeProvider.System);
        var recipe = TinyRuns.Recipe(Search with { StartSteps = 4 });
        var identity = laboratory.Identify(recipe.Setup, CancellationToken.None);
        Assert.Throws<RecipeInvalidException>(() => laboratory.Plan(recipe, 1, identity));
    }

    private RunResult Run(ParadigmSpec paradigm) => TinyRuns.Run(_folder.Path, TinyRuns.Recipe(paradigm));

    private string FolderOf(RunResult result, string stage) => Path.Combine(_folder.Path, "stages", result.Stages.Single(made => made.Name == stage).Hash);

    private static Fault Fault(AfterFineTuning paradigm) => Assert.Single(RecipeRules.Faults(TinyRuns.Recipe(paradigm)));

    private static SortedDictionary<string, byte[]> KeptIn(string folder) =>
        new(Directory.GetFiles(folder, "weights-*").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes), StringComparer.Ordinal);

    // The weights in the checkpoint of a fine-tuning without kept weights that is cancelled after that update.
    private static SortedDictionary<string, float[]> Checkpointed(int step)
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(folder.Path, TinyRuns.Recipe(new FullModel { FineTuning = Plain }), new CancelAt(cancel, step), cancel.Token));
        var path = Directory.GetFiles(folder.Path, "checkpoint.safetensors", SearchOption.AllDirectories).Single();
        return new(WeightsIn(Path.GetDirectoryName(path)!, Path.GetFileName(path)).Where(entry => entry.Key.StartsWith("model.", StringComparison.Ordinal)).ToDictionary(entry => entry.Key["model.".Length..], entry => entry.Value), StringComparer.Ordinal);
    }

    private static SortedDictionary<string, float[]> WeightsIn(string folder, string file)
    {
        using var scope = NewDisposeScope();
        using var weights = TensorFile.Open(Path.Combine(folder, file));
        return new(weights.Tensors.Where(tensor => tensor.DType == "F32").ToDictionary(tensor => tensor.Name, tensor => weights.Read(tensor.Name).data<float>().ToArray()), StringComparer.Ordinal);
    }

    private sealed class CrashAtEvaluation(int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is Evaluated { Stage: FineTune } evaluated && evaluated.Step == step)
                throw new InvalidOperationException("as if killed");
        }
    }

    private sealed class CancelAt(CancellationTokenSource cancel, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Stage == FineTune && measured.Step >= step)
                cancel.Cancel();
        }
    }
}
