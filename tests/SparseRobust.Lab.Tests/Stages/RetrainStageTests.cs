using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs of fine-tuning in isolation.</summary>
public sealed class RetrainStageTests : IDisposable
{
    private const string Retrain = "fine-tune in isolation";

    private static readonly TrainingSpec Training = TinyRuns.Training(new CrossEntropySpec());

    // Warms up for ever, so that no update is as large as the last bit of a weight.
    private static readonly TrainingSpec Still = Training with { LearningRate = 1e-9, WarmupSteps = 1e9 };

    private static readonly InIsolation Paradigm = new()
    {
        FineTuning = Training,
        Pruning = new MaskTrainingSpec { Sparsity = 0.5 },
        PruningTraining = Training,
        Retraining = TinyRuns.Training(new ProductOfExpertsSpec()) with { WeightDecay = 0.1 },
    };

    // Removes nothing and trains nothing: its output is theta_pt with the seed's classifier.
    private static readonly WithoutFineTuning Untouched = new() { Pruning = new MagnitudeSpec { Sparsity = 0 } };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ModelSpec> Models =>
        [TinyRuns.Recipe(Paradigm).Model, new RobertaSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 65, InitializerRange = 0.2, PadTokenId = 0 }];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void The_mask_is_the_searchs_bit_for_bit_without_the_classifiers(ModelSpec model)
    {
        var result = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Paradigm) with { Model = model });
        var (found, kept) = (MasksOf(result, "prune"), MasksOf(result, Retrain));
        Assert.Contains(found, matrix => matrix.Id.IsHead);
        Assert.Equal(found.Where(matrix => !matrix.Id.IsHead).Select(Shown), kept.Select(Shown));
        Assert.Equal(0.5, result.Stages.Single(stage => stage.Name == Retrain).Sparsity);
    }

    [Fact]
    public void Removed_weights_stay_zero_and_the_others_are_trained()
    {
        var result = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Paradigm));
        var (start, trained) = (WeightsOf(TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Untouched)), "prune"), WeightsOf(result, Retrain));
        foreach (var matrix in MasksOf(result, Retrain))
        {
            var keep = Flags(matrix);
            var (before, after) = (start[matrix.Id.Name], trained[matrix.Id.Name]);
            Assert.All(keep.Zip(after).Where(pair => !pair.First), pair => Assert.Equal(0f, pair.Second));
            Assert.Equal(matrix.Kept, keep.Zip(before.Zip(after)).Count(pair => pair.First && pair.Second.First != pair.Second.Second));
        }
        Assert.DoesNotContain(0f, trained["classifier.weight"]);
    }

    [Theory]
    [InlineData(SearchStart.FineTuned)]
    [InlineData(SearchStart.Pretrained)]
    public void It_starts_from_the_masked_starting_weights_and_the_seeds_classifier(SearchStart from)
    {
        var paradigm = from == SearchStart.FineTuned ? Paradigm : Paradigm with { SearchFrom = from, FineTuning = new() };
        var result = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(paradigm with { Retraining = Still }));
        var (start, trained) = (WeightsOf(TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Untouched)), "prune"), WeightsOf(result, Retrain));
        foreach (var matrix in MasksOf(result, Retrain))
            Assert.Equal(Flags(matrix).Zip(start[matrix.Id.Name], (keep, weight) => keep ? weight : 0f), trained[matrix.Id.Name]);
        Assert.Equal(start["classifier.weight"], trained["classifier.weight"]);
        Assert.NotEqual(WeightsOf(result, "prune")["classifier.weight"], trained["classifier.weight"]);
        Assert.Equal(start["bert.embeddings.word_embeddings.weight"], trained["bert.embeddings.word_embeddings.weight"]);
    }

    [Fact]
    public void It_starts_from_the_pre_trained_weights()
    {
        using var stored = new TinyPretrained();
        var result = TinyRuns.Run(stored.Root, TinyPretrained.Recipe(Paradigm with { Retraining = Still }));
        var (start, trained) = (WeightsIn(stored.Folder), WeightsIn(stored.OutputOf(result, Retrain)));
        foreach (var matrix in MaskFile.Load(Path.Combine(stored.OutputOf(result, Retrain), MaskFile.Name)).Matrices)
            Assert.Equal(Flags(matrix).Zip(start[matrix.Id.Name], (keep, weight) => keep ? weight : 0f), trained[matrix.Id.Name]);
    }

    [Fact]
    public void The_search_is_shared_with_the_paradigms_that_end_there()
    {
        TinyRuns.Run(_folder.Path, TinyRuns.Recipe(new AfterFineTuning { FineTuning = Training, Pruning = Paradigm.Pruning, PruningTraining = Training }));
        Assert.Equal(["fit-bias", Retrain, $"evaluate {Retrain}"], MadeBy(Paradigm));
        TinyRuns.Run(_folder.Path, TinyRuns.Recipe(new WithoutFineTuning { Pruning = Paradigm.Pruning, PruningTraining = Training }));
        Assert.Equal([Retrain, $"evaluate {Retrain}"], MadeBy(Paradigm with { SearchFrom = SearchStart.Pretrained, FineTuning = new() }));
    }

    [Fact]
    public void Seeds_share_no_more_than_the_bias_model()
    {
        using var laboratory = new Laboratory(new LaboratoryOptions(_folder.Path, new DatasetFolders([])), TimeProvider.System);
        var recipe = TinyRuns.Recipe(Paradigm);
        var (first, second) = (laboratory.Plan(recipe, 1, CancellationToken.None), laboratory.Plan(recipe, 2, CancellationToken.None));
        Assert.Equal(["fine-tune", "evaluate fine-tune", "prune", "evaluate prune", "fit-bias", Retrain, $"evaluate {Retrain}"], first.Select(stage => stage.Name));
        Assert.Equal("fit-bias", Assert.Single(first.Intersect(second)).Name);
    }

    [Fact]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes()
    {
        var expected = File.ReadAllBytes(Path.Combine(FolderOf(TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Paradigm)), Retrain), ModelFolder.WeightsFile));
        using var other = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Path, TinyRuns.Recipe(Paradigm), new CancelAt(cancel, Retrain, 2), cancel.Token));
        var result = TinyRuns.Run(other.Path, TinyRuns.Recipe(Paradigm));
        Assert.True(result.Stages.Single(stage => stage.Name == "prune").Reused);
        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(other.Path, "stages", result.Stages.Single(stage => stage.Name == Retrain).Hash, ModelFolder.WeightsFile)));
    }

    [Fact]
    public void A_killed_run_goes_on_and_ends_with_the_same_bytes()
    {
        var expected = File.ReadAllBytes(Path.Combine(FolderOf(TinyRuns.Run(_folder.Path, TinyRuns.Recipe(Paradigm)), Retrain), ModelFolder.WeightsFile));
        using var other = new TemporaryFolder();
        var live = LiveTensors.Settled();
        Assert.Throws<InvalidOperationException>(() => TinyRuns.Run(other.Path, TinyRuns.Recipe(Paradigm), new CrashAt(Retrain, 2)));
        Assert.Equal(live, TensorCensus.Live);
        var result = TinyRuns.Run(other.Path, TinyRuns.Recipe(Paradigm));
        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(other.Path, "stages", result.Stages.Single(stage => stage.Name == Retrain).Hash, ModelFolder.WeightsFile)));
    }

    private IEnumerable<string> MadeBy(InIsolation paradigm) => TinyRuns.Run(_folder.Path, TinyRuns.Recipe(paradigm)).Stages.Where(stage => !stage.Reused).Select(stage => stage.Name);

    private string FolderOf(RunResult result, string stage) => Path.Combine(_folder.Path, "stages", result.Stages.Single(made => made.Name == stage).Hash);

    private IReadOnlyList<MatrixMask> MasksOf(RunResult result, string stage) => MaskFile.Load(Path.Combine(FolderOf(result, stage), MaskFile.Name)).Matrices;

    private Dictionary<string, float[]> WeightsOf(RunResult result, string stage) => WeightsIn(FolderOf(result, stage));

    private static Dictionary<string, float[]> WeightsIn(string folder)
    {
        using var scope = NewDisposeScope();
        using var file = TensorFile.Open(Path.Combine(folder, ModelFolder.WeightsFile));
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name).data<float>().ToArray());
    }

    private static bool[] Flags(MatrixMask matrix) =>
        [.. Enumerable.Range(0, (int)(matrix.Rows * matrix.Columns)).Select(i => (matrix.Bits.Span[i / 8] >> (i % 8) & 1) == 1)];

    private static string Shown(MatrixMask matrix) => $"{matrix.Id} {matrix.Rows} {matrix.Columns} {matrix.Kept} {Convert.ToHexString(matrix.Bits.Span)}";

    private sealed class CrashAt(string stage, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Stage == stage && measured.Step >= step)
                throw new InvalidOperationException("as if killed");
        }
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
