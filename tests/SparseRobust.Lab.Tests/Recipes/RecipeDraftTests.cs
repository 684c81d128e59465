using System.Text.Json.Nodes;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeDraftTests
{
    public static TheoryData<string> Cells => [.. PaperRecipes.All.SelectMany(preset => preset.Cells.Select(cell => $"{preset.Name}: {cell.Name}"))];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_recipe_of_a_preset_survives_the_form(string name)
    {
        var recipe = Cell(name);
        var draft = RecipeDraft.FromFields(RecipeDraft.ToFields(recipe));
        Assert.Empty(draft.Faults);
        Assert.Equal(recipe, draft.Read());
        Assert.Equal(RecipeHash.Of(recipe), RecipeHash.Of(draft.Read()));
    }

    [Fact]
    public void Texts_become_typed_values_and_empty_ones_are_left_out()
    {
        var draft = Draft(
            ("task.kind", "shortcut-nli"), ("task.strength", " "), ("model.hidden_size", "64"), ("truncation", "longest_first"), ("bias.balanced_classes", "False"),
            ("paradigm.kind", "after-fine-tuning"), ("paradigm.fine_tuning.learning_rate", "7e-4"), ("paradigm.fine_tuning.eval_steps", ""),
            ("paradigm.pruning.kind", "mask-training"), ("paradigm.pruning.sparsity", "0.7"), ("paradigm.pruning.mask_classifier", "on"), ("paradigm.pruning_training.present", "true"));
        Assert.Empty(draft.Faults);
        Assert.Equal(
            """{"task":{"kind":"shortcut-nli"},"model":{"kind":"bert","hidden_size":64},"truncation":"longest_first","bias":{"kind":"overlap","balanced_classes":false}"""
            + ""","paradigm":{"kind":"after-fine-tuning","fine_tuning":{"learning_rate":0.0007},"pruning":{"kind":"mask-training","sparsity":0.7,"mask_classifier":true},"pruning_training":{}}}""",
            draft.Json.ToJsonString());
        Assert.Equal(0.0007, Assert.IsType<AfterFineTuning>(draft.Read().Paradigm).FineTuning.LearningRate);
    }

    [Fact]
    public void All_texts_that_cannot_be_read_are_faults_with_their_paths()
    {
        var draft = Draft(
            ("task.kind", "shortcut"), ("max_length", "12.5"), ("truncation", "Refuse"), ("bias.balanced_classes", "yes"), ("paradigm.kind", "without-fine-tuning"),
            ("paradigm.pruning.kind", "magnitude"), ("paradigm.pruning.sparsity", "0,7"), ("paradigm.pruning_training.present", "maybe"), ("model.layer_norm_eps", "1e999"));
        Assert.Equal(
            ["$.bias.balanced_classes", "$.max_length", "$.model.layer_norm_eps", "$.paradigm.pruning.sparsity", "$.paradigm.pruning_training.present", "$.task.kind", "$.truncation"],
            Paths(draft.Faults));
        Assert.Equal("\"0,7\" is not a finite number, such as 0.7 or 7e-4.", draft.Faults.Single(fault => fault.Path == "$.paradigm.pruning.sparsity").Message);
        Assert.StartsWith("\"shortcut\" is unknown; choose one of shortcut-nli, ", draft.Faults.Single(fault => fault.Path == "$.task.kind").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_reports_the_drafts_faults_and_the_readers_but_none_twice()
    {
        var draft = Draft(("task.kind", "shortcut-nli"), ("max_length", "2"), ("paradigm.kind", "without-fine-tuning"), ("paradigm.pruning.kind", "magnitude"), ("paradigm.pruning.sparsity", "much"));
        Assert.Equal(["$.paradigm.pruning.sparsity"], Paths(draft.Faults));
        var faults = Assert.Throws<RecipeInvalidException>(draft.Read).Faults;
        Assert.Single(faults, fault => fault.Path == "$.paradigm.pruning.sparsity");
        Assert.Equal("\"much\" is not a finite number, such as 0.7 or 7e-4.", faults[0].Message);
    }

    [Fact]
    public void A_draft_with_a_fault_is_no_recipe_even_if_the_rest_is_one() =>
        Assert.Equal(["$.max_length"], Paths(Assert.Throws<RecipeInvalidException>(Draft(("task.kind", "shortcut-nli"), ("paradigm.kind", "full-model"), ("max_length", "x")).Read).Faults));

    [Fact]
    public void Fields_of_kinds_that_were_not_chosen_are_ignored_and_unknown_ones_are_faults()
    {
        var draft = Draft(
            ("task.kind", "shortcut-nli"), ("task.train_rows", "400"), ("task.vocabulary_size", "not even a number"), ("paradigm.kind", "full-model"),
            ("paradigm.pruning.threshold", "0.02"), ("paradigm.pruning_training.objective.kind", "cross-entropy"),
            ("paradigm.pruning.thresold", ""), ("task.rows.x", "1"), ("paradigm", "full-model"), ("kind", "x"), ("paradigm.present", "true"));
        Assert.Equal(["$.kind", "$.paradigm", "$.paradigm.present", "$.paradigm.pruning.thresold", "$.task.rows.x"], Paths(draft.Faults));
        Assert.Contains("Fields: kind, sparsity", draft.Faults.Single(fault => fault.Path.EndsWith("thresold", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
        Assert.Equal("""{"task":{"kind":"shortcut-nli","train_rows":400},"paradigm":{"kind":"full-model"}}""", draft.Json.ToJsonString());
    }

    [Theory]
    [InlineData("true", """{"learning_rate":0.001}""")]
    [InlineData("false", "null")]
    public void An_object_that_may_be_null_is_there_when_the_form_says_so(string present, string json) =>
        Assert.Equal(json, Draft(("paradigm.kind", "without-fine-tuning"), ("paradigm.pruning_training.present", present), ("paradigm.pruning_training.learning_rate", "1e-3"))
            .Json["paradigm"]!.AsObject().Single(member => member.Key == "pruning_training").Value?.ToJsonString() ?? "null");

    [Fact]
    public void Whether_such_an_object_is_there_is_never_guessed()
    {
        Assert.Equal(["$.paradigm.pruning_training.present"], Paths(Draft(("paradigm.kind", "without-fine-tuning"), ("paradigm.pruning_training.learning_rate", "1e-3")).Faults));
        Assert.Equal("""{"paradigm":{"kind":"without-fine-tuning"}}""", Draft(("paradigm.kind", "without-fine-tuning"), ("paradigm.pruning_training.learning_rate", "")).Json.ToJsonString());
    }

    [Theory]
    [InlineData("mask-training", "false", "1e-3", """{"learning_rate":0.001}""")]
    [InlineData("mask-training", "false", "", "{}")]
    [InlineData("mask-training", "", "", "{}")]
    [InlineData("magnitude", "false", "1e-3", "null")]
    public void Such_an_object_is_there_where_the_chosen_kind_cannot_do_without_it(string kind, string present, string rate, string json) =>
        Assert.Equal(json, Draft(
            ("paradigm.kind", "after-fine-tuning"), ("paradigm[after-fine-tuning].pruning.kind", kind), ("paradigm.pruning.sparsity", "0.5"),
            ("paradigm[after-fine-tuning].pruning_training.present", present), ("paradigm.pruning_training.learning_rate", rate))
            .Json["paradigm"]!["pruning_training"]?.ToJsonString() ?? "null");

    [Fact]
    public void A_variant_without_a_kind_is_of_its_default_kind_or_a_fault() =>
        Assert.Equal(["$.task.kind"], Paths(Draft(("model.hidden_size", "64"), ("task.train_rows", "400")).Faults));

    [Fact]
    public void An_empty_form_lacks_what_a_recipe_needs() =>
        Assert.Equal(["$.paradigm", "$.task"], Paths(Assert.Throws<RecipeInvalidException>(Draft().Read).Faults));

    [Fact]
    public void The_fields_of_a_recipe_hold_its_defaults_and_empty_texts_for_nulls()
    {
        var fields = RecipeDraft.ToFields(new RunRecipe { Task = new MnliHansTask(), Paradigm = new WithoutFineTuning { Pruning = new Lab.Pruning.MagnitudeSpec { Sparsity = 0.25 } } });
        Assert.Equal(("mnli-hans", "", "128", "refuse", "bert"), (fields["task.kind"], fields["task.train_rows"], fields["max_length"], fields["truncation"], fields["model.kind"]));
        Assert.Equal(("0.25", "false", "true"), (fields["paradigm.pruning.sparsity"], fields["paradigm.pruning_training.present"], fields["bias.balanced_classes"]));
        Assert.DoesNotContain("paradigm.pruning_training.learning_rate", fields.Keys);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_form_that_shows_every_kind_at_once_gives_the_recipe_of_the_chosen_ones(string name)
    {
        var recipe = Cell(name);
        var shown = CatalogTree.Fields.Where(entry => !entry.Field.IsRecord).ToDictionary(entry => entry.Path[2..], _ => (string?)"of a kind not chosen");
        var fields = RecipeDraft.ToFields(recipe);
        foreach (var (path, text) in fields)
            shown[Qualified(path, fields)] = text;
        Assert.True(shown.Values.Count(text => text == "of a kind not chosen") > 10);
        var draft = RecipeDraft.FromFields(shown);
        Assert.Empty(draft.Faults);
        Assert.Equal(recipe, draft.Read());
    }

    [Fact]
    public void A_field_of_a_kind_in_brackets_counts_only_for_that_kind_and_before_the_plain_name()
    {
        var draft = Draft(
            ("task[mnli-hans].train_rows", "300"), ("task.train_rows", "301"), ("task[shortcut-nli].train_rows", "302"), ("task.kind", "mnli-hans"), ("model[bert].hidden_size", "64"),
            ("paradigm[full-model].pruning.kind", "magnitude"), ("task[mnli].train_rows", "1"), ("max_length[bert]", "1"), ("task[mnli-hans].kind", "x"), ("task[mnli-hans].strength", "1"));
        Assert.Equal("""{"task":{"kind":"mnli-hans","train_rows":300},"model":{"kind":"bert","hidden_size":64}}""", draft.Json.ToJsonString());
        Assert.Equal(["$.max_length[bert]", "$.paradigm[full-model].pruning.kind", "$.task[mnli-hans].kind", "$.task[mnli-hans].strength", "$.task[mnli].train_rows"], Paths(draft.Faults));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("[")]
    [InlineData("task[")]
    [InlineData("task[]")]
    [InlineData("task[mnli-hans")]
    [InlineData("task.[mnli-hans]")]
    [InlineData("[task].kind")]
    [InlineData("task.kind ")]
    public void A_name_that_is_no_path_is_a_fault_and_nothing_more(string name) => Assert.Equal($"$.{name}", Assert.Single(Draft((name, "x")).Faults).Path);

    [Fact]
    public void Lists_are_separated_by_commas_and_null_is_a_word_where_null_is_a_value()
    {
        var catalogue = new CatalogBuilder().Object(typeof(Extras));
        var draft = RecipeDraft.FromFields(new Dictionary<string, string?> { ["layers"] = "3, 4", ["rows"] = "null" }, catalogue);
        Assert.Empty(draft.Faults);
        Assert.Equal("""{"layers":[3,4],"rows":null}""", draft.Json.ToJsonString());
        Assert.Equal([("layers", "3, 4"), ("rows", "null")], DraftWriter.Write(draft.Json, catalogue).Select(field => (field.Key, field.Value!)));
        var faults = RecipeDraft.FromFields(new Dictionary<string, string?> { ["layers"] = "3, x" }, catalogue).Faults;
        Assert.Equal(new Fault("$.layers", "\"x\" is not a whole number."), Assert.Single(faults));
    }

    [Fact]
    public void A_spec_inside_itself_is_refused_and_never_shown_in_part()
    {
        var catalogue = new CatalogBuilder().Object(typeof(CatalogBuilderTests.Holder));
        var json = JsonNode.Parse("""{"method": {"kind": "rounds", "wrapped": {"kind": "plain"}}}""")!.AsObject();
        Assert.Equal(ProblemCode.RecipeInvalid, Assert.Throws<LabException>(() => DraftWriter.Write(json, catalogue)).Code);
    }

    public sealed record Extras
    {
        public IReadOnlyList<int> Layers { get; init; } = [1, 2];

        public int? Rows { get; init; } = 5;
    }

    [Fact]
    public void No_field_is_named_like_the_forms_own_words() =>
        ArchitectureSources.AssertNone(CatalogTree.Fields.Where(entry => entry.Field.Name is DraftWords.Kind or DraftWords.Present || entry.Field.Name.Contains('.')).Select(entry => entry.Path));

    private static RunRecipe Cell(string name) =>
        PaperRecipes.All.SelectMany(preset => preset.Cells.Select(cell => (Name: $"{preset.Name}: {cell.Name}", cell.Recipe))).First(cell => cell.Name == name).Recipe;

    // Every axis on the way to the field with its chosen kind in brackets.
    private static string Qualified(string path, IReadOnlyDictionary<string, string?> fields)
    {
        var parts = path.Split('.');
        var qualified = parts.Select((part, i) =>
            i < parts.Length - 1 && parts[i + 1] is not ("kind" or "present") && fields.TryGetValue(string.Join('.', parts[..(i + 1)]) + ".kind", out var kind) ? $"{part}[{kind}]" : part);
        return string.Join('.', qualified);
    }

    private static RecipeDraft Draft(params (string Name, string? Text)[] fields) => RecipeDraft.FromFields(fields.ToDictionary(field => field.Name, field => field.Text));

    private static IEnumerable<string> Paths(IEnumerable<Fault> faults) => faults.Select(fault => fault.Path).Order(StringComparer.Ordinal);
}
