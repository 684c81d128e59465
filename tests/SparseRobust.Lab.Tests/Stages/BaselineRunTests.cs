using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs of the simple baselines: the same door, loop and files as BERT's.</summary>
public sealed class BaselineRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ModelSpec> Models =>
        [new CbowSpec { EmbeddingSize = 8, HiddenSize = 8 }, new BiLstmSpec { EmbeddingSize = 8, StateSize = 6, HiddenSize = 8 }];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes(ModelSpec model)
    {
        var recipe = Recipe(model, new LearnedMixinSpec());
        var expected = Weights(TinyRuns.Run(_folder.Path, recipe), _folder.Path);
        using var other = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Path, recipe, new CancelAt(cancel, step: 2), cancel.Token));
        Assert.Equal(expected, Weights(TinyRuns.Run(other.Path, recipe), other.Path));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_run_lowers_its_loss_and_leaves_no_tensor(ModelSpec model)
    {
        var training = TinyRuns.Training(new CrossEntropySpec()) with { NumTrainEpochs = 8 };
        var recipe = Recipe(model, new CrossEntropySpec()) with { Paradigm = new FullModel { FineTuning = training } };
        var before = LiveTensors.Settled();
        var losses = new Losses();
        TinyRuns.Run(_folder.Path, recipe, losses);
        Assert.Equal(before, TensorCensus.Live);
        Assert.Equal(120, losses.Values.Count);
        Assert.True(losses.Values.TakeLast(20).Average() < 0.8 * losses.Values.Take(20).Average());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_graded_task_is_learned_with_mean_squared_error(ModelSpec model)
    {
        using var data = new DataFolder();
        data.Write("STS-B/train.tsv", DataFolder.FixtureText("stsb.tsv"));
        data.Write("STS-B/dev.tsv", DataFolder.FixtureText("stsb.tsv"));
        data.Write("vocab.txt", string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefghijklmnopqrstuvwxyz".SelectMany(letter => new[] { $"{letter}", $"##{letter}" })]) + "\n");
        var recipe = Recipe(model, new MeanSquaredErrorSpec()) with
        {
            Task = new GlueTask { Name = GlueName.Stsb },
            Vocabulary = new FileVocabulary { Path = "vocab.txt" },
            MaxLength = 256,
            Truncation = Truncation.LongestFirst,
            Paradigm = new FullModel { FineTuning = TinyRuns.Training(new MeanSquaredErrorSpec()) with { NumTrainEpochs = 200, LearningRate = 3e-2 } },
        };
        using var laboratory = new Laboratory(new LaboratoryOptions(_folder.Path, data.Folders), TimeProvider.System);
        var scores = laboratory.Run(recipe, 1, new Losses(), CancellationToken.None).Stages[^1].Scores;
        Assert.True(scores.Single(score => score is { Metric: "pearson", Slice: "all" }).Value > 0.9);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Pruning_a_model_without_prunable_weights_is_refused_with_the_reason(ModelSpec model)
    {
        var pruned = TinyRuns.Recipe(new AfterFineTuning { Pruning = new MagnitudeSpec { Sparsity = 0.5 } }) with { Model = model };
        var fault = Assert.Single(RecipeRules.Faults(pruned));
        Assert.Equal("$.paradigm.pruning", fault.Path);
        Assert.Contains("this model has none", fault.Message, StringComparison.Ordinal);
        Assert.Empty(RecipeRules.Faults(Recipe(model, new CrossEntropySpec()) with { MaxLength = 8192 }));
    }

    private static RunRecipe Recipe(ModelSpec model, ObjectiveSpec objective) =>
        TinyRuns.Recipe(new FullModel { FineTuning = TinyRuns.Training(objective) }) with { Model = model };

    private static byte[] Weights(RunResult result, string root) =>
        File.ReadAllBytes(Path.Combine(root, "stages", result.Stages.Single(stage => stage.Name == "fine-tune").Hash, ModelFolder.WeightsFile));

    private sealed class CancelAt(CancellationTokenSource cancel, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Step >= step)
                cancel.Cancel();
        }
    }

    private sealed class Losses : IRunObserver
    {
        public List<double> Values { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Values.TryGetValue("train/loss", out var loss))
                Values.Add(loss);
        }
    }
}
