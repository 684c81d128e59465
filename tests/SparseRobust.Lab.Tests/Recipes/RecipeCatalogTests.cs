using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeCatalogTests
{
    [Fact]
    public void The_axes_are_those_of_a_recipe_with_outer_ones_first() =>
        Assert.Equal(["task", "model", "vocabulary", "bias", "vectors", "paradigm", "objective", "pruning"], RecipeCatalog.Axes.Select(axis => axis.Name));

    [Fact]
    public void An_axis_lists_its_kinds_with_their_documentation()
    {
        var pruning = RecipeCatalog.Axes.Single(axis => axis.Name == "pruning");
        Assert.StartsWith("How a sparse subnetwork is found", pruning.Documentation, StringComparison.Ordinal);
        var training = pruning.Variants.Single(variant => variant.Kind == "mask-training");
        Assert.StartsWith("Mask training: weights are frozen", training.Documentation, StringComparison.Ordinal);
        Assert.Contains("W_eff = W * 1[score > phi]", training.Documentation, StringComparison.Ordinal);
        Assert.StartsWith("Win-win Deal, sec. 3.2.2, A.1.2", training.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_every_spec_is_in_it()
    {
        Type[] specs = [typeof(TaskSpec), typeof(ModelSpec), typeof(VocabularySpec), typeof(BiasSpec), typeof(WordVectorsSpec), typeof(ParadigmSpec), typeof(ObjectiveSpec), typeof(PruningSpec)];
        Assert.Equal(
            specs.Select(spec => string.Join(' ', spec.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => kind.TypeDiscriminator))),
            RecipeCatalog.Axes.Select(axis => string.Join(' ', axis.Variants.Select(variant => variant.Kind))));
        ArchitectureSources.AssertNone(CatalogTree.Fields.Where(entry => entry.Field is { Type: CatalogType.Variant, Variants: not { Count: > 0 } }).Select(entry => entry.Path));
    }

    [Fact]
    public void Every_field_kind_and_axis_is_documented()
    {
        ArchitectureSources.AssertNone(CatalogTree.Fields.Where(entry => entry.Field.Documentation.Length == 0).Select(entry => entry.Path));
        ArchitectureSources.AssertNone(CatalogTree.Variants.Where(entry => entry.Variant.Documentation.Length == 0).Select(entry => entry.Path));
        ArchitectureSources.AssertNone(RecipeCatalog.Axes.Where(axis => axis.Documentation.Length == 0).Select(axis => axis.Name));
        Assert.StartsWith("The science of a run", RecipeCatalog.Recipe.Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_has_a_range_that_holds_its_default()
    {
        var numbers = CatalogTree.Fields.Where(entry => entry.Field.Type is CatalogType.Number or CatalogType.Integer).ToList();
        ArchitectureSources.AssertNone(numbers.Where(entry => !(entry.Field.Minimum < entry.Field.Maximum)).Select(entry => entry.Path));
        ArchitectureSources.AssertNone(numbers
            .Where(entry => entry.Field.Default is { } value && !((double)value >= entry.Field.Minimum && (double)value <= entry.Field.Maximum))
            .Select(entry => entry.Path));
        Assert.NotEmpty(numbers);
    }

    [Fact]
    public void A_value_that_must_be_given_has_one_that_a_form_starts_with()
    {
        var required = CatalogTree.Fields.Where(entry => entry.Field is { IsRequired: true, Type: not (CatalogType.Object or CatalogType.Variant) }).ToList();
        Assert.NotEmpty(required);
        ArchitectureSources.AssertNone(required.Where(entry => entry.Field.Suggestion is null).Select(entry => entry.Path));
        ArchitectureSources.AssertNone(required
            .Where(entry => entry.Field.Minimum is { } least && !((double)entry.Field.Suggestion! >= least && (double)entry.Field.Suggestion! <= entry.Field.Maximum))
            .Select(entry => entry.Path));
        ArchitectureSources.AssertNone(CatalogTree.Fields.Where(entry => entry.Field is { IsRequired: false, Suggestion: not null }).Select(entry => entry.Path));
    }

    [Theory]
    [InlineData("$.paradigm[after-fine-tuning].pruning_training")]
    [InlineData("$.paradigm[in-isolation].pruning_training")]
    [InlineData("$.paradigm[without-fine-tuning].pruning_training")]
    public void A_record_that_only_some_kinds_need_names_them(string path)
    {
        var need = CatalogTree.Field(path).NeededBy!;
        Assert.Equal("pruning", need.Field);
        Assert.Equal(["mask-training", "imp"], need.Kinds);
        Assert.Null(CatalogTree.Field("$.vocabulary").NeededBy);
    }

    [Fact]
    public void A_field_says_its_type_its_limits_and_its_default()
    {
        var sparsity = CatalogTree.Field("$.paradigm[after-fine-tuning].pruning[mask-training].sparsity");
        Assert.Equal((CatalogType.Number, true, false, 0.0, 0.999), (sparsity.Type, sparsity.IsRequired, sparsity.IsNullable, sparsity.Minimum, sparsity.Maximum));
        Assert.Null(sparsity.Default);
        var initialisation = CatalogTree.Field("$.paradigm[after-fine-tuning].pruning[mask-training].initialisation");
        Assert.Equal(CatalogType.Choice, initialisation.Type);
        Assert.Equal(["hard", "soft", "uniform"], initialisation.Choices);
        Assert.Equal("hard", (string?)initialisation.Default);
        Assert.Equal(["refuse", "longest_first"], CatalogTree.Field("$.truncation").Choices);
        var rows = CatalogTree.Field("$.task[mnli-hans].train_rows");
        Assert.Equal((CatalogType.Integer, false, true), (rows.Type, rows.IsRequired, rows.IsNullable));
        var training = CatalogTree.Field("$.paradigm[after-fine-tuning].pruning_training");
        Assert.Equal((CatalogType.Object, false, true), (training.Type, training.IsRequired, training.IsNullable));
        Assert.Equal(CatalogType.Text, CatalogTree.Field("$.vocabulary[file].path").Type);
        Assert.Equal(CatalogType.Boolean, CatalogTree.Field("$.bias[overlap].balanced_classes").Type);
    }

    [Fact]
    public void A_default_written_out_is_the_same_recipe()
    {
        var root = JsonNode.Parse("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""")!.AsObject();
        var pairs = Pairs(root, [], RecipeCatalog.Recipe.Fields).ToList();
        Assert.Equal(CatalogTree.Fields.Count(entry => !entry.Field.IsRequired), pairs.Count);
        ArchitectureSources.AssertNone(pairs.Where(pair => Hash(pair.LeftOut) != Hash(pair.WrittenOut)).Select(pair => pair.WrittenOut.ToJsonString()));
    }

    [Fact]
    public void It_is_written_in_the_dialect_of_recipes_without_nulls()
    {
        var json = JsonSerializer.SerializeToNode(RecipeCatalog.Recipe, LabJson.Options)!;
        var length = json["fields"]!.AsArray().Single(field => (string?)field!["name"] == "max_length")!.AsObject();
        Assert.Equal(["default", "documentation", "is_nullable", "is_required", "maximum", "minimum", "name", "type"], length.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("integer", 128, 4.0), ((string?)length["type"], (int)length["default"]!, (double)length["minimum"]!));
        ArchitectureSources.AssertNone(Nulls(json));
    }

    // Defaults are values of recipes, where null may be meant.
    private static IEnumerable<string> Nulls(JsonNode node) => node switch
    {
        JsonObject members => members.Where(member => member.Key != "default").SelectMany(member => member.Value is null ? [$"{members.GetPath()}.{member.Key}"] : Nulls(member.Value)),
        JsonArray items => items.SelectMany(item => Nulls(item!)),
        _ => [],
    };

    // Every recipe that picks one kind along one path, once with each of its defaults left out and once with it written out.
    private static IEnumerable<(JsonObject LeftOut, JsonObject WrittenOut)> Pairs(JsonObject root, string[] path, IReadOnlyList<CatalogField> fields)
    {
        foreach (var field in fields)
        {
            if (!field.IsRequired)
                yield return (root, With(root, path, field.Name, field.Default?.DeepClone()));
            IEnumerable<(JsonObject Json, IReadOnlyList<CatalogField> Fields)> inside =
                [.. (field.Variants ?? []).Select(variant => (Smallest(variant), variant.Fields)), .. field.Fields is null ? [] : new[] { (new JsonObject(), field.Fields) }];
            foreach (var (json, inner) in inside)
                foreach (var pair in Pairs(With(root, path, field.Name, json), [.. path, field.Name], inner))
                    yield return pair;
        }
    }

    private static JsonObject With(JsonObject root, string[] path, string name, JsonNode? value)
    {
        var copy = root.DeepClone().AsObject();
        path.Aggregate(copy, (node, step) => node[step]!.AsObject())[name] = value;
        return copy;
    }

    private static JsonObject Smallest(CatalogVariant variant)
    {
        var json = new JsonObject { ["kind"] = variant.Kind };
        foreach (var field in variant.Fields.Where(field => field.IsRequired))
            json[field.Name] = field.Type switch
            {
                CatalogType.Variant => Smallest(field.Variants![0]),
                CatalogType.Text => "any",
                CatalogType.Choice => field.Choices![0],
                _ => field.Minimum,
            };
        return json;
    }

    private static string Hash(JsonObject json) => RecipeHash.Of(json.Deserialize<RunRecipe>(LabJson.Options)!);
}
