using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Pretraining;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole pre-trainings of seconds, on a text whose documents have eight words of their own each: both tasks can be learnt.</summary>
public sealed class PretrainStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PretrainStageTests()
    {
        CorpusSamples.Vocabulary.Save(_folder.File("vocab.txt"));
        File.WriteAllText(_folder.File("topics.txt"), string.Join("\n\n", Enumerable.Range(0, 200).Select(Document)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_tasks_are_learnt_and_the_scores_say_what_they_are_over()
    {
        var recorder = new Recorder();
        var result = Run(Recipe(Training(300) with { LearningRate = 1e-2 }), _folder.File("lab"), recorder);
        var losses = recorder.Of("train/loss").ToList();
        Assert.Equal(recorder.Of("train/mlm_loss").Zip(recorder.Of("train/nsp_loss"), (mlm, nsp) => mlm + nsp), losses, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.True(losses[^1] < 0.8 * losses[0], $"{losses[0]} to {losses[^1]}");
        var scores = result.Stages.Single().Scores;
        double Value(string metric) => scores.Single(score => score.Metric == metric).Value;
        // Of 40 words 8 are the document's own: 1 in 8 is the most that can be told, 1 in 40 without reading.
        Assert.True(Value("mlm_accuracy") > 0.08, $"{Value("mlm_accuracy")}");
        Assert.Equal(Value("mlm_loss") + Value("nsp_loss"), Value("loss"), 1e-9);
        Assert.All(scores, score => Assert.Equal(("topics", "dev", "all", false, 300), (score.Dataset, score.Split, score.Slice, score.Sampled, score.CheckpointStep)));
        Assert.True(scores.Single(score => score.Metric == "mlm_accuracy").N > scores.Single(score => score.Metric == "nsp_accuracy").N);
        Assert.Equal(["train", "dev"], result.Datasets.Select(use => use.Split));
        Assert.Equal([172, 28], result.Datasets.Select(use => use.Rows));
    }

    [Fact]
    public void Killed_anywhere_it_ends_with_the_same_bytes()
    {
        var recipe = Recipe(Training(30) with { ShortSequenceLength = 12, ShortSequenceShare = 0.5, GradientAccumulationSteps = 2, PerDeviceTrainBatchSize = 8 }, dropout: 0.1);
        var expected = Weights(Run(recipe, _folder.File("whole"), new Recorder()), "whole");
        foreach (var cancelAt in new[] { 1, 14, 15, 29 })
        {
            using var cancel = new CancellationTokenSource();
            var name = $"cut{cancelAt}";
            Assert.Throws<OperationCanceledException>(() => Run(recipe, _folder.File(name), new Recorder(step => CancelFrom(cancel, step, cancelAt)), cancel.Token));
            Assert.Equal(expected, Weights(Run(recipe, _folder.File(name), new Recorder()), name));
        }
    }

    [Fact]
    public void Gradients_of_parts_add_up_to_those_of_the_whole_batch()
    {
        var (whole, added) = (new Recorder(), new Recorder());
        Run(Recipe(Training(12)), _folder.File("whole"), whole);
        Run(Recipe(Training(12) with { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 4 }), _folder.File("parts"), added);
        Assert.Equal(whole.Of("train/loss"), added.Of("train/loss"), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_classifier_can_start_from_it()
    {
        var result = Run(Recipe(Training(3)), _folder.File("lab"), new Recorder());
        var folder = Path.Combine(_folder.File("lab"), "stages", result.Stages.Single().Hash);
        var config = ModelFolder.ReadBody(folder);
        using var classifier = config.Spec.Build(config.VocabSize, 3);
        var report = ModelFolder.LoadBody(folder, classifier);
        Assert.Empty(report.Missing);
        Assert.Equal(["classifier.bias", "classifier.weight"], report.Reinitialised.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.Contains("cls.predictions.bias", report.Unexpected.Select(tensor => tensor.Name));
    }

    [Fact]
    public void A_pre_training_goes_on_from_a_pre_trained_model_with_its_heads()
    {
        var folder = Path.Combine(_folder.File("lab"), "stages", Run(Recipe(Training(3)), _folder.File("lab"), new Recorder()).Stages.Single().Hash);
        var recipe = Recipe(Training(1)) with { Model = new PretrainedSpec { Name = folder }, Vocabulary = new TaskVocabulary() };
        var recorder = new Recorder();
        var result = Run(recipe, _folder.File("lab"), recorder);
        var told = Assert.Single(recorder.Noted);
        Assert.Contains("46 tensors loaded. As the seed gives them: none. In the folder without a place here: none.", told, StringComparison.Ordinal);
        Assert.Equal(folder, result.PretrainedModel!.Name);
        // The first update of a warm-up has a learning rate of 0, so what comes out is what was read.
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), Weights(result, "lab"));
    }

    [Fact]
    public void A_head_that_the_folder_lacks_is_told()
    {
        var lab = _folder.File("lab");
        var folder = Path.Combine(lab, "stages", Run(Recipe(Training(3)), lab, new Recorder()).Stages.Single().Hash);
        var config = ModelFolder.ReadBody(folder);
        var kept = Path.Combine(lab, "models", "without");
        using (var whole = config.Spec.BuildForPreTraining(config.VocabSize))
        {
            Assert.Empty(ModelFolder.LoadBody(folder, whole).Reinitialised);
            ModelFolder.Save(kept, whole, CorpusSamples.Tokenizer);
            TensorFile.Save(Path.Combine(kept, ModelFolder.WeightsFile), whole.named_parameters().Where(entry => !entry.name.Contains("seq", StringComparison.Ordinal)).Select(entry => (entry.name, (Tensor)entry.parameter)));
        }
        var recorder = new Recorder();
        Run(Recipe(Training(1)) with { Model = new PretrainedSpec { Name = "without" }, Vocabulary = new TaskVocabulary() }, lab, recorder);
        Assert.Contains("As the seed gives them: cls.seq_relationship.weight, cls.seq_relationship.bias.", Assert.Single(recorder.Noted), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_is_learned_once_from_the_text()
    {
        var recipe = Recipe(Training(2)) with { Vocabulary = new LearnedVocabulary { Size = 60 } };
        var lab = _folder.File("lab");
        var folder = Path.Combine(lab, "stages", Run(recipe, lab, new Recorder()).Stages.Single().Hash);
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(lab, "cache", "vocabularies")));
        Assert.Equal(File.ReadAllText(kept), File.ReadAllText(Path.Combine(folder, "vocab.txt")));
        Assert.Contains(CorpusSamples.Word(7), File.ReadAllLines(kept));
        // Read again, it is not learned again.
        File.AppendAllText(kept, "kept\n");
        Run(recipe with { Paradigm = new PretrainingOnly { Pretraining = Training(3) } }, lab, new Recorder());
        Assert.EndsWith("kept\n", File.ReadAllText(kept), StringComparison.Ordinal);
        Assert.Equal("$.vocabulary", Assert.Single(RecipeRules.Faults(TinyRuns.Recipe(new FullModel()) with { Vocabulary = new LearnedVocabulary() })).Path);
    }

    [Fact]
    public void Faults_of_a_pretraining_are_told_by_field()
    {
        var recipe = Recipe(Training(3));
        Assert.Empty(RecipeRules.Faults(recipe));
        Assert.Equal(["$.paradigm"], Paths(recipe with { Paradigm = new FullModel() }));
        Assert.Equal(["$.paradigm"], Paths(TinyRuns.Recipe(new PretrainingOnly())));
        Assert.Equal(["$.model"], Paths(recipe with { Model = new CbowSpec() }));
        Assert.Equal(["$.paradigm.pretraining.short_sequence_length"], Paths(Recipe(Training(3) with { ShortSequenceLength = 33 })));
        Assert.Equal(["$.paradigm.pretraining.bf16"], RecipeRules.Faults(Recipe(Training(3) with { Bf16 = true }), hasMixedPrecision: false).Select(fault => fault.Path));
    }

    private static string[] Paths(RunRecipe recipe) => [.. RecipeRules.Faults(recipe).Select(fault => fault.Path)];

    private static string Document(int number)
    {
        var random = new Lab.Statistics.SplitMix64((ulong)number);
        var first = number % 5 * 8;
        return string.Join('\n', Enumerable.Range(0, 8).Select(_ => string.Join(' ', Enumerable.Range(0, 6).Select(_ => CorpusSamples.Word(first + random.Next(8))))));
    }

    private static PretrainingSpec Training(int steps) => new() { MaxSteps = steps, PerDeviceTrainBatchSize = 16, LearningRate = 3e-3, WarmupSteps = 2, EvalSteps = 1000, EvalExamples = 50 };

    private RunRecipe Recipe(PretrainingSpec training, double dropout = 0) => new()
    {
        Task = new PretrainingTask { Corpus = _folder.File("topics.txt"), DevEvery = 7 },
        Model = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 32, HiddenDropoutProb = dropout, AttentionProbsDropoutProb = dropout },
        Vocabulary = new FileVocabulary { Path = _folder.File("vocab.txt") },
        MaxLength = 32,
        Paradigm = new PretrainingOnly { Pretraining = training },
    };

    private byte[] Weights(RunResult result, string lab) => File.ReadAllBytes(Path.Combine(_folder.File(lab), "stages", result.Stages.Single().Hash, "model.safetensors"));

    private static RunResult Run(RunRecipe recipe, string root, IRunObserver observer, CancellationToken cancellation = default)
    {
        using var laboratory = new Laboratory(new LaboratoryOptions(root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 7) }, TimeProvider.System);
        return laboratory.Run(recipe, 1, observer, cancellation);
    }

    private static void CancelFrom(CancellationTokenSource cancel, int step, int first)
    {
        if (step >= first)
            cancel.Cancel();
    }

    private sealed class Recorder(Action<int>? onStep = null) : IRunObserver
    {
        private readonly List<StepMeasured> _measured = [];

        public IEnumerable<double> Of(string key) => _measured.Where(measured => measured.Values.ContainsKey(key)).Select(measured => measured.Values[key]);

        public List<string> Noted { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is Noted noted)
                Noted.Add(noted.Text);
            if (runEvent is not StepMeasured measured)
                return;
            _measured.Add(measured);
            onStep?.Invoke(measured.Step);
        }
    }
}
