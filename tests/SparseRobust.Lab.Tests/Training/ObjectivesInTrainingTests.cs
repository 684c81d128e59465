using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tests.Stages;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Training;

/// <summary>Every objective of the catalogue in the loop, with every pruning method of it.</summary>
public sealed class ObjectivesInTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly ModelSpec Roberta = new RobertaSpec { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 65, InitializerRange = 0.2, PadTokenId = 0 };

    public static IEnumerable<object[]> ObjectivesAndModels => Kinds<ObjectiveSpec>().SelectMany(objective => new object[][] { [objective, "bert"], [objective, "roberta"] });

    [Theory]
    [MemberData(nameof(ObjectivesAndModels))]
    public void An_objective_trains_the_dense_model_in_both_precisions_and_with_every_pruning_method(string objective, string model)
    {
        var live = LiveTensors.Settled();
        foreach (var paradigm in Paradigms(objective))
        {
            var recipe = TinyRuns.Recipe(paradigm);
            if (model == "roberta")
                recipe = recipe with { Model = Roberta };
            if (Read(objective).Needs.HasFlag(Needs.Targets))
            {
                // No graded task here; the rules say so before anything is written.
                Assert.NotEmpty(RecipeRules.Faults(recipe));
                Assert.All(RecipeRules.Faults(recipe), fault => Assert.EndsWith(".objective", fault.Path, StringComparison.Ordinal));
                continue;
            }
            var seen = new Recorder();
            var result = TinyRuns.Run(_folder.Path, recipe, seen);
            Assert.NotEmpty(result.Stages[^1].Scores);
            var trained = paradigm is FullModel ? "fine-tune" : paradigm is InIsolation ? "fine-tune in isolation" : "prune";
            var losses = seen.Events.OfType<StepMeasured>().Where(e => e.Stage.StartsWith(trained, StringComparison.Ordinal) && e.Values.ContainsKey("train/loss")).Select(e => e.Values["train/loss"]);
            Assert.True(losses.Distinct().Count() >= 3, "the loss stood still");
        }
        Assert.Equal(live, TensorCensus.Live);
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("prune")]
    public void What_learned_mixin_learns_is_optimised_and_checkpointed_but_not_saved_with_the_model(string stage)
    {
        var mixin = TinyRuns.Training(new LearnedMixinSpec { EntropyPenalty = 0.03 });
        ParadigmSpec paradigm = stage == "prune"
            ? new AfterFineTuning { FineTuning = TinyRuns.Training(new CrossEntropySpec()), Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = mixin }
            : new FullModel { FineTuning = mixin };
        var (first, second) = (Checkpointed(paradigm, stage, step: 1), Checkpointed(paradigm, stage, step: 2));
        Assert.Equal(["objective.bias", "objective.weight"], first.Keys.Where(name => name.StartsWith("objective.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("optimizer.exp_avg_sq.objective.weight", first.Keys);
        Assert.NotEqual(first["objective.weight"], second["objective.weight"]);
        var result = TinyRuns.Run(_folder.Path, TinyRuns.Recipe(paradigm));
        using var model = SafetensorsFile.Open(Path.Combine(_folder.Path, "stages", result.Stages.Single(made => made.Name == stage).Hash, "model.safetensors"));
        Assert.DoesNotContain(model.Entries, entry => entry.Name.Contains("objective", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Kinds<T>() => typeof(T).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => (string)kind.TypeDiscriminator!);

    private static ObjectiveSpec Read(string kind) => System.Text.Json.JsonSerializer.Deserialize<ObjectiveSpec>($$"""{"kind": "{{kind}}"}""", LabJson.Options)!;

    private static IEnumerable<ParadigmSpec> Paradigms(string objective)
    {
        var training = TinyRuns.Training(Read(objective));
        yield return new FullModel { FineTuning = training };
        yield return new FullModel { FineTuning = training with { Bf16 = true } };
        var dense = TinyRuns.Training(new CrossEntropySpec());
        foreach (var pruning in RecipeCatalog.Axes.Single(axis => axis.Name == "pruning").Variants.Select(WithSuggestions))
        {
            yield return new AfterFineTuning { FineTuning = dense, Pruning = pruning, PruningTraining = training };
            yield return new InIsolation { FineTuning = dense, Pruning = pruning, PruningTraining = training, Retraining = training };
        }
    }

    private static PruningSpec WithSuggestions(CatalogVariant variant)
    {
        var json = new JsonObject { ["kind"] = variant.Kind };
        foreach (var field in variant.Fields.Where(field => field.IsRequired))
            json[field.Name] = field.Suggestion!.DeepClone();
        return System.Text.Json.JsonSerializer.Deserialize<PruningSpec>(json, LabJson.Options)!;
    }

    // The checkpoint of a run that is cancelled after that update.
    private static Dictionary<string, byte[]> Checkpointed(ParadigmSpec paradigm, string stage, int step)
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TinyRuns.Run(folder.Path, TinyRuns.Recipe(paradigm), new CancelAt(cancel, stage, step), cancel.Token));
        using var file = SafetensorsFile.Open(Directory.GetFiles(folder.Path, "checkpoint.safetensors", SearchOption.AllDirectories).Single());
        return file.Entries.ToDictionary(entry => entry.Name, entry =>
        {
            var bytes = new byte[entry.Length];
            file.Read(entry.Name, bytes);
            return bytes;
        });
    }

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
