using System.Text.Json;
using System.Text.Json.Nodes;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>Whole runs from the folder of a pre-trained model.</summary>
public sealed class PretrainedStartTests : IDisposable
{
    private const string Head = "classifier.";

    private static readonly FullModel Dense = new() { FineTuning = TinyRuns.Training(new CrossEntropySpec()) };

    // Removes nothing and trains nothing: its output is what a training starts from.
    private static readonly WithoutFineTuning Untouched = new() { Pruning = new MagnitudeSpec { Sparsity = 0 } };

    private readonly TinyPretrained _model = new();

    public static TheoryData<ParadigmSpec> Paradigms =>
        [Dense, .. RecipeCatalog.Axes.Single(axis => axis.Name == "pruning").Variants.Select(WithSuggestions).SelectMany(pruning => new ParadigmSpec[]
        {
            new AfterFineTuning { FineTuning = Dense.FineTuning, Pruning = pruning, PruningTraining = Dense.FineTuning },
            new WithoutFineTuning { Pruning = pruning, PruningTraining = Dense.FineTuning },
            new InIsolation { FineTuning = Dense.FineTuning, Pruning = pruning, PruningTraining = Dense.FineTuning, Retraining = Dense.FineTuning },
        })];

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_training_starts_from_the_stored_body_and_the_seeds_head()
    {
        using var scope = NewDisposeScope();
        using var started = ModelFolder.Load(_model.OutputOf(Run(Untouched), "prune"), CPU);
        manual_seed(1);
        using var byHand = new BertSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64, InitializerRange = 0.2 }.Build(TinyPretrained.Words.Count, 3);
        ModelFolder.LoadBody(_model.Folder, byHand);
        started.eval();
        byHand.eval();
        var (ids, types, mask) = (arange(5, 37, ScalarType.Int64).view(2, 16), zeros([2, 16], ScalarType.Int64), ones([2, 16]));
        Assert.Equal(byHand.forward(ids, types, mask).data<float>().ToArray(), started.forward(ids, types, mask).data<float>().ToArray());
    }

    [Fact]
    public void Seeds_differ_in_the_head_alone()
    {
        var (first, second) = (Weights(Run(Untouched), "prune"), Weights(Run(Untouched, seed: 2), "prune"));
        Assert.Equal(first.Where(entry => !IsHead(entry.Key)), second.Where(entry => !IsHead(entry.Key)));
        Assert.NotEqual(first["classifier.weight"], second["classifier.weight"]);
    }

    [Theory]
    [MemberData(nameof(Paradigms))]
    public void Every_paradigm_and_pruning_method_starts_from_it_and_each_stage_that_does_says_so_once(ParadigmSpec paradigm)
    {
        var events = new Recorder();
        var result = Run(paradigm, observer: events);
        var sha256 = PretrainedModel.Open(_model.Folder).Sha256;
        Assert.Equal(new PretrainedUse(TinyPretrained.Name, sha256), result.PretrainedModel);
        Assert.Equal(paradigm is InIsolation ? 2 : 1, events.Noted.Count);
        Assert.All(events.Noted, told => Assert.Equal($"Starts from {_model.Folder} (SHA-256 {sha256}): 39 tensors loaded. As the seed gives them: classifier.weight, classifier.bias. In the folder without a place here: "
            + "cls.predictions.bias, cls.predictions.transform.LayerNorm.bias, cls.predictions.transform.LayerNorm.weight, cls.predictions.transform.dense.bias, "
            + "cls.predictions.transform.dense.weight and 2 more.", told));
    }

    [Fact]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes()
    {
        var expected = Weights(Run(Dense), "fine-tune");
        using var other = new TinyPretrained();
        using var cancel = new CancellationTokenSource();
        var events = new Recorder(step => CancelFrom(cancel, step));
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(other.Root, TinyPretrained.Recipe(Dense), events, cancel.Token));
        var again = new Recorder();
        var result = TinyRuns.Run(other.Root, TinyPretrained.Recipe(Dense), again);
        Assert.Equal(expected, WeightsIn(other.OutputOf(result, "fine-tune")));
        Assert.Equal((1, 0), (events.Noted.Count, again.Noted.Count));
    }

    [Fact]
    public void Other_weights_are_another_run_and_a_laboratory_at_work_notices_them()
    {
        using var laboratory = Laboratory();
        var recipe = TinyPretrained.Recipe(Dense);
        var before = laboratory.Plan(recipe, 1, CancellationToken.None);
        Assert.Equal(before, laboratory.Plan(recipe, 1, CancellationToken.None));
        _model.Write(seed: 10);
        var after = laboratory.Plan(recipe, 1, CancellationToken.None);
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First.Hash, pair.Second.Hash));
        var identity = laboratory.Identify(recipe.Setup, CancellationToken.None);
        Assert.Equal(PretrainedModel.Open(_model.Folder).Sha256, identity.Sha256s[^1]);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json"], identity.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void Weights_that_change_under_a_run_are_refused()
    {
        var model = PretrainedModel.Open(_model.Folder);
        model.RequireUnchanged();
        _model.Write(seed: 10);
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(model.RequireUnchanged).Code);
    }

    [Fact]
    public void Dropouts_are_the_recipes_where_it_names_them()
    {
        _model.EditConfig("\"attention_probs_dropout_prob\": 0.1", "\"attention_probs_dropout_prob\": 0.25");
        var recipe = TinyPretrained.Recipe(Untouched) with { Model = new PretrainedSpec { Name = TinyPretrained.Name, HiddenDropoutProb = 0.4 } };
        var spec = (BertSpec)ModelConfig.Read(Path.Combine(_model.OutputOf(TinyRuns.Run(_model.Root, recipe), "prune"), ModelFolder.ConfigFile)).Spec;
        Assert.Equal((0.4, 0.25), (spec.HiddenDropoutProb, spec.AttentionProbsDropoutProb));
    }

    [Fact]
    public void A_word_table_larger_than_the_vocabulary_is_kept()
    {
        var lines = File.ReadAllLines(_model.File(ModelFolder.VocabularyFile));
        File.WriteAllLines(_model.File(ModelFolder.VocabularyFile), lines[..^1]);
        using var model = ModelFolder.Load(_model.OutputOf(Run(Dense), "fine-tune"), CPU);
        Assert.Equal(TinyPretrained.Words.Count, model.VocabularySize);
    }

    [Fact]
    public void A_vocabulary_beside_a_pre_trained_model_is_refused()
    {
        var recipe = TinyPretrained.Recipe(Dense);
        Assert.Empty(RecipeRules.Faults(recipe));
        Assert.Empty(RecipeRules.Faults(recipe with { Task = new MnliHansTask() }));
        var fault = Assert.Single(RecipeRules.Faults(recipe with { Vocabulary = new FileVocabulary { Path = "vocab.txt" } }));
        Assert.Equal("$.vocabulary", fault.Path);
        Assert.Equal("$.model.name", Assert.Single(RecipeRules.Faults(recipe with { Model = new PretrainedSpec { Name = " " } })).Path);
    }

    [Fact]
    public void What_only_the_folder_tells_is_checked_before_anything_runs()
    {
        var fault = Fault(TinyPretrained.Recipe(Dense) with { MaxLength = 65 });
        Assert.Equal("$.max_length", fault.Path);
        Assert.Contains("65 is more than the 64 tokens", fault.Message, StringComparison.Ordinal);
        using var cbow = new CbowSpec { EmbeddingSize = 8, HiddenSize = 8 }.Build(TinyPretrained.Words.Count, 3);
        ModelFolder.Save(_model.Folder, cbow, LabelSet.ThreeWayNli, TinyPretrained.Words);
        Assert.Contains("is a cbow", Fault(TinyPretrained.Recipe(Dense)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_its_words_are_cased_is_read_from_the_folder_and_is_part_of_what_it_is()
    {
        // Without it vocab.txt counts, and what is said beside it.
        File.Delete(_model.File("tokenizer.json"));
        var hashes = new[] { "true", "false" }.Select(lower =>
        {
            File.WriteAllText(_model.File("tokenizer_config.json"), $$"""{"do_lower_case": {{lower}}}""");
            return Laboratory().Plan(TinyPretrained.Recipe(Dense), 1, CancellationToken.None)[0].Hash;
        });
        Assert.Equal(2, hashes.Distinct().Count());
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused()
    {
        foreach (var name in TokenizerFolder.FileNames)
            File.Delete(_model.File(name));
        Assert.Contains(_model.Folder, Refused(ProblemCode.ArtifactMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_told_by_name()
    {
        File.Delete(_model.File("tokenizer.json"));
        File.WriteAllLines(_model.File(ModelFolder.VocabularyFile), TinyPretrained.Words.Vocabulary.Tokens.Append("more"));
        Assert.Contains("but the model knows only", Refused(ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
        _model.Write(seed: 9);
        _model.EditConfig("\"num_attention_heads\": 2", "\"num_attention_heads\": 3");
        Assert.Contains("num_attention_heads", Refused(ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
        _model.Write(seed: 9);
        using (var weights = File.OpenWrite(_model.File(ModelFolder.WeightsFile)))
            weights.SetLength(weights.Length - 8);
        Assert.Contains(ModelFolder.WeightsFile, Refused(ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
        Directory.Delete(_model.Folder, recursive: true);
        Assert.Contains("\"tiny\" was not found", Refused(ProblemCode.ArtifactMissing), StringComparison.Ordinal);
    }

    private static PruningSpec WithSuggestions(CatalogVariant variant)
    {
        var json = new JsonObject { ["kind"] = variant.Kind };
        foreach (var field in variant.Fields.Where(field => field.IsRequired))
            json[field.Name] = field.Suggestion!.DeepClone();
        return json.Deserialize<PruningSpec>(LabJson.Options)!;
    }

    private static bool IsHead(string name) => name.StartsWith(Head, StringComparison.Ordinal);

    private RunResult Run(ParadigmSpec paradigm, long seed = 1, IRunObserver? observer = null)
    {
        using var laboratory = Laboratory();
        return laboratory.Run(TinyPretrained.Recipe(paradigm), seed, observer ?? new Recorder(), CancellationToken.None);
    }

    private Laboratory Laboratory() =>
        new(new LaboratoryOptions(_model.Root, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: 1) }, TimeProvider.System);

    private Fault Fault(RunRecipe recipe) =>
        Assert.Single(Assert.Throws<RecipeInvalidException>(() => Laboratory().Plan(recipe, 1, CancellationToken.None)).Faults);

    private string Refused(ProblemCode code)
    {
        var error = Assert.Throws<LabException>(() => Laboratory().Plan(TinyPretrained.Recipe(Dense), 1, CancellationToken.None));
        Assert.Equal(code, error.Code);
        return error.Message;
    }

    private SortedDictionary<string, byte[]> Weights(RunResult result, string stage) => WeightsIn(_model.OutputOf(result, stage));

    private static SortedDictionary<string, byte[]> WeightsIn(string folder)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, ModelFolder.WeightsFile));
        return new SortedDictionary<string, byte[]>(file.Entries.ToDictionary(entry => entry.Name, entry =>
        {
            var bytes = new byte[entry.Length];
            file.Read(entry.Name, bytes);
            return bytes;
        }), StringComparer.Ordinal);
    }

    private static void CancelFrom(CancellationTokenSource cancel, int step)
    {
        if (step >= 2)
            cancel.Cancel();
    }

    private sealed class Recorder(Action<int>? onStep = null) : IRunObserver
    {
        public List<string> Noted { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is Noted noted)
                Noted.Add(noted.Text);
            if (runEvent is StepMeasured measured)
                onStep?.Invoke(measured.Step);
        }
    }
}
