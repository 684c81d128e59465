using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests;

/// <summary>Whole runs on the built-in task with a model of 2 x 16.</summary>
public sealed class LaboratoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_pruned_run_leaves_model_masks_scores_and_result()
    {
        var seen = new Recorder();
        var result = LaboratoryAt(_folder.Path).Run(Recipe(new MaskTrainingSpec { Sparsity = 0.7 }, new ProductOfExpertsSpec()), 1, seen, CancellationToken.None);
        Assert.Equal(["fit-bias", "fine-tune", "evaluate fine-tune", "prune", "evaluate prune"], result.Stages.Select(stage => stage.Name));
        var prune = result.Stages[3];
        // floor(256 x 0.7) = 179 of 256, floor(512 x 0.7) = 358 of 512.
        const double exact = (4 * 179 + 2 * 358) / (4 * 256.0 + 2 * 512);
        Assert.Equal(exact, prune.Sparsity!.Value, 12);
        // One for each evaluation of the mask training.
        var sparsities = seen.Events.OfType<StepMeasured>().Where(e => e.Values.ContainsKey("prune/sparsity")).Select(e => e.Values["prune/sparsity"]).ToList();
        Assert.Equal(3, sparsities.Count);
        Assert.All(sparsities, sparsity => Assert.Equal(exact, sparsity, 12));
        foreach (var file in new[] { "model.safetensors", "masks.safetensors", "config.json", "vocab.txt", "stage.json", "training.json" })
            Assert.True(File.Exists(Path.Combine(StageFolder(prune), file)), file);
        var scores = result.Stages[4].Scores;
        Assert.Equal(["dev", "ood", "ood-reversed"], scores.Where(score => score is { Slice: "all", Metric: "accuracy" }).Select(score => score.Split));
        Assert.All(scores, score => Assert.False(score.Sampled));
        // Slices by quartile are for finished models only.
        Assert.Contains(scores, score => score.Slice.StartsWith("overlap_quartile=", StringComparison.Ordinal));
        Assert.DoesNotContain(seen.Events.OfType<Evaluated>().Where(e => e.Subject is null).SelectMany(e => e.Scores), score => score.Slice.Contains("quartile", StringComparison.Ordinal));
    }

    // Learned-mixin has weights of its own, whose way decides where the masks go.
    public static TheoryData<ObjectiveSpec> Resumed => [new CrossEntropySpec(), new LearnedMixinSpec { EntropyPenalty = 0.03 }];

    [Theory]
    [MemberData(nameof(Resumed))]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes(ObjectiveSpec objective)
    {
        var recipe = Recipe(new MaskTrainingSpec { Sparsity = 0.5 }, objective);
        var expected = Weights(Run(recipe));
        foreach (var cancelAt in new[] { 3, 14, 29 })
        {
            using var other = new TemporaryFolder();
            Assert.Throws<OperationCanceledException>(() => RunUntil(recipe, other.Path, cancelAt));
            var resumed = LaboratoryAt(other.Path).Run(recipe, 1, new Silent(), CancellationToken.None);
            Assert.Equal(expected, Weights(resumed, other.Path));
        }
    }

    [Fact]
    public void A_finished_run_answers_from_its_result_and_another_recipe_reuses_its_stages()
    {
        var dense = Recipe(null, new CrossEntropySpec());
        var first = Run(dense);
        Assert.Equal(first.Stages[0].WallSeconds, Run(dense).Stages[0].WallSeconds);
        var pruned = Run(Recipe(new MagnitudeSpec { Sparsity = 0.5 }, new CrossEntropySpec()));
        Assert.True(pruned.Stages[0].Reused);
        Assert.Equal(first.Stages[0].Hash, pruned.Stages[0].Hash);
    }

    [Fact]
    public void A_crash_right_after_a_stage_ended_loses_no_point_and_repeats_no_training()
    {
        var recipe = Recipe(new MaskTrainingSpec { Sparsity = 0.5 }, new CrossEntropySpec());
        var whole = JournalOf(Run(recipe), _folder.Path);
        using var other = new TemporaryFolder();
        Assert.Throws<InvalidOperationException>(() => LaboratoryAt(other.Path).Run(recipe, 1, new CrashAt(e => e is StageFinished { Stage: "fine-tune" }), CancellationToken.None));
        var seen = new Recorder();
        var resumed = JournalOf(LaboratoryAt(other.Path).Run(recipe, 1, seen, CancellationToken.None), other.Path);
        Assert.Equal(Points(whole), Points(resumed));
        Assert.DoesNotContain(seen.Events, e => e is StepMeasured { Stage: "fine-tune" });
    }

    [Fact]
    public void A_stage_whose_output_was_whole_but_not_yet_published_is_published()
    {
        var recipe = Recipe(null, new CrossEntropySpec());
        var first = Run(recipe);
        var stage = StageFolder(first.Stages[0]);
        var whole = JournalOf(first, _folder.Path);
        Directory.Move(stage, stage + ".work");
        File.Delete(Path.Combine(_folder.Path, "runs", first.RunId, "result.json"));
        var again = Run(recipe);
        Assert.True(again.Stages[0].Reused);
        Assert.Equal(Points(whole), Points(JournalOf(again, _folder.Path)));
    }

    [Fact]
    public void Changed_data_is_another_run_even_under_the_same_recipe()
    {
        using var data = new DataFolder();
        var text = DataFolder.FixtureText("mnli.jsonl");
        data.Write("mnli/dev_matched.jsonl", text);
        data.Write("mnli/train_subset.jsonl", text);
        data.Write("hans/heuristics_evaluation_set.txt", DataFolder.FixtureText("hans.txt"));
        data.Write("vocab.txt", string.Join('\n', "[PAD] [UNK] [CLS] [SEP] [MASK] the a".Split(' ')) + "\n");
        var recipe = Recipe(null, new CrossEntropySpec()) with { Task = new MnliHansTask(), Vocabulary = new FileVocabulary { Path = "vocab.txt" } };
        RunResult Again() => new Laboratory(new LaboratoryOptions(_folder.Path, data.Folders), TimeProvider.System).Run(recipe, 1, new Silent(), CancellationToken.None);
        var first = Again();
        Assert.Equal(first.WallSeconds, Again().WallSeconds);
        data.Write("mnli/train_subset.jsonl", text + text.Split('\n')[0] + "\n");
        var changed = Again();
        Assert.Equal(first.RunId, changed.RunId);
        Assert.NotEqual(first.Stages[0].Hash, changed.Stages[0].Hash);
        Assert.Equal(first.Datasets[0].Rows + 1, changed.Datasets[0].Rows);
    }

    [Fact]
    public void The_untrained_model_can_be_pruned_too()
    {
        var recipe = Recipe(null, new CrossEntropySpec()) with
        {
            Paradigm = new WithoutFineTuning { Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = Training(new CrossEntropySpec()) },
        };
        Assert.Equal(0.5, Run(recipe).Stages[0].Sparsity!.Value, 12);
    }

    [Fact]
    public void A_saved_mask_on_the_dense_model_gives_the_pruned_models_file()
    {
        var result = Run(Recipe(new MaskTrainingSpec { Sparsity = 0.7 }, new CrossEntropySpec()));
        using var model = ModelFolder.Load(StageFolder(result.Stages[0]), CPU);
        MaskFile.Load(Path.Combine(StageFolder(result.Stages[2]), MaskFile.Name)).ApplyTo(new PrunableModel(model));
        using var pruned = ModelFolder.Load(StageFolder(result.Stages[2]), CPU);
        foreach (var (ours, theirs) in model.parameters().Zip(pruned.parameters()))
            Assert.Equal(ours.data<float>().ToArray(), theirs.data<float>().ToArray());
    }

    [Fact]
    public void A_pair_over_the_length_is_refused_by_name_and_nothing_is_written()
    {
        var recipe = Recipe(null, new CrossEntropySpec()) with { MaxLength = 8 };
        var error = Assert.Throws<LabException>(() => Run(recipe));
        Assert.Equal(ProblemCode.InputTooLong, error.Code);
        Assert.Contains("shortcut-nli train, row", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "runs")));
    }

    [Fact]
    public void A_diverging_run_fails_by_name_and_keeps_its_last_checkpoint()
    {
        var recipe = Recipe(null, new CrossEntropySpec()) with
        {
            Paradigm = new FullModel { FineTuning = Training(new CrossEntropySpec()) with { LearningRate = 10, MaxGradNorm = 0, WarmupSteps = 0, WeightDecay = 1, AdamEpsilon = 1e-12 } },
        };
        // A rate of 10 with weight decay 1 multiplies weights by -9 an update; logits overflow within a few dozen.
        var error = Assert.Throws<LabException>(() => Run(recipe));
        Assert.Equal(ProblemCode.TrainingDiverged, error.Code);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "runs", "x", "result.json")));
        Assert.Single(Directory.GetFiles(_folder.Path, "checkpoint.safetensors", SearchOption.AllDirectories));
    }

    [TinyDiskFact]
    public void A_disk_too_small_for_the_run_is_refused_before_training()
    {
        using var disk = new TinyDisk();
        var error = Assert.Throws<LabException>(() => LaboratoryAt(disk.Path).Run(Recipe(null, new CrossEntropySpec()), 1, new Silent(), CancellationToken.None));
        Assert.Equal(ProblemCode.StorageFull, error.Code);
        Assert.Empty(Directory.GetFiles(disk.Path, "*.safetensors", SearchOption.AllDirectories));
    }

    [TinyDiskFact]
    public void A_disk_that_fills_up_in_training_stops_the_run_and_room_lets_it_go_on_to_the_same_bytes()
    {
        var recipe = Recipe(new MaskTrainingSpec { Sparsity = 0.5 }, new CrossEntropySpec());
        var expected = Weights(Run(recipe));
        using var disk = new TinyDisk(2 << 20);
        var filler = Path.Combine(disk.Path, "filler");
        var error = Assert.Throws<LabException>(() => LaboratoryAt(disk.Path).Run(recipe, 1, new FillDisk(filler), CancellationToken.None));
        Assert.Equal(ProblemCode.StorageFull, error.Code);
        File.Delete(filler);
        Assert.Equal(expected, Weights(LaboratoryAt(disk.Path).Run(recipe, 1, new Silent(), CancellationToken.None), disk.Path));
    }

    [Fact]
    public void No_tensor_outlives_a_run()
    {
        Run(Recipe(null, new CrossEntropySpec()));
        var before = LiveTensors.Settled();
        Run(Recipe(new MaskTrainingSpec { Sparsity = 0.7 }, new ProductOfExpertsSpec()));
        Assert.Equal(before, TensorCensus.Live);
    }

    public void Dispose() => _folder.Dispose();

    private static RunRecipe Recipe(PruningSpec? pruning, ObjectiveSpec objective) => new()
    {
        Task = new ShortcutNliTask { TrainRows = 600, EvaluationRows = 120 },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64 },
        MaxLength = 64,
        Paradigm = pruning is null
            ? new FullModel { FineTuning = Training(objective) }
            : new AfterFineTuning { FineTuning = Training(objective), Pruning = pruning, PruningTraining = pruning.NeedsTraining ? Training(objective) : null },
    };

    private static TrainingSpec Training(ObjectiveSpec objective) =>
        new() { Objective = objective, NumTrainEpochs = 1, PerDeviceTrainBatchSize = 20, LearningRate = 1e-3, EvalSteps = 10, OutOfDistributionSampleRows = 60 };

    private static Laboratory LaboratoryAt(string root) =>
        new(new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 5, SaveSteps: 7) }, TimeProvider.System);

    private RunResult Run(RunRecipe recipe) => LaboratoryAt(_folder.Path).Run(recipe, 1, new Silent(), CancellationToken.None);

    private static void RunUntil(RunRecipe recipe, string root, int step)
    {
        using var cancel = new CancellationTokenSource();
        var laboratory = new Laboratory(new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 7) }, TimeProvider.System);
        laboratory.Run(recipe, 1, new CancelAt(cancel, step), cancel.Token);
    }

    private static List<RunEvent> JournalOf(RunResult result, string root) =>
        [.. RunJournal.ReadAfter(RunDirectory.JournalPathOf(RunDirectory.FolderOf(root, result.RunId)), 0)];

    private static List<string> Points(List<RunEvent> events) =>
        [.. events.OfType<StepMeasured>().Where(e => e.Values.ContainsKey("train/loss")).Select(e => FormattableString.Invariant($"{e.Stage} {e.Step} {e.Values["train/loss"]}"))];

    private string StageFolder(StageResult stage) => Path.Combine(_folder.Path, "stages", stage.Hash);

    private byte[] Weights(RunResult result, string? root = null) =>
        File.ReadAllBytes(Path.Combine(root ?? _folder.Path, "stages", result.Stages.Last(stage => stage.Name == "prune").Hash, "model.safetensors"));

    private sealed class Silent : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
        }
    }

    private sealed class Recorder : IRunObserver
    {
        public List<RunEvent> Events { get; } = [];

        public void On(RunEvent runEvent) => Events.Add(runEvent);
    }

    private sealed class CrashAt(Predicate<RunEvent> moment) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (moment(runEvent))
                throw new InvalidOperationException("as if killed");
        }
    }

    private sealed class CancelAt(CancellationTokenSource cancel, int step) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured { Stage: "prune" } measured && measured.Step >= step)
                cancel.Cancel();
        }
    }

    /// <summary>Leaves a few bytes of a small disk once pruning has begun.</summary>
    private sealed class FillDisk(string filler) : IRunObserver
    {
        public void On(RunEvent runEvent)
        {
            if (runEvent is not StepMeasured { Stage: "prune", Step: 5 })
                return;
            using var file = File.Create(filler);
            var block = new byte[4096];
            try
            {
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // Full, which is what we want.
            }
        }
    }
}
