using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeReaderTests
{
    private const string Valid = """{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "magnitude", "sparsity": 0.5}}}""";

    [Fact]
    public void A_recipe_needs_only_task_and_paradigm()
    {
        var recipe = RecipeReader.Read(Valid);
        Assert.IsType<ShortcutNliTask>(recipe.Task);
        Assert.Equal(0.5, Assert.IsType<AfterFineTuning>(recipe.Paradigm).Pruning.TargetSparsity);
    }

    [Fact]
    public void Every_fault_is_reported_with_its_path()
    {
        const string json = """
            {"tsak": {"kind": "shortcut-nli"}, "max_length": "long", "model": {"kind": "bert", "hiden_size": 3},
             "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "magnitud", "sparsity": 0.5}, "fine_tuning": {"objective": {"kind": "product-of-experts", "alpha": 1}}}}
            """;
        var faults = Faults(json);
        Assert.Equal(
            ["$.max_length", "$.model.hiden_size", "$.paradigm.fine_tuning.objective.alpha", "$.paradigm.pruning.kind", "$.task", "$.tsak"],
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
        Assert.Contains("did you mean hidden_size", faults.Single(fault => fault.Path.EndsWith("hiden_size", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("-0.1")]
    [InlineData("1")]
    public void Sparsity_out_of_range_is_refused(string sparsity) =>
        Assert.Equal("$.paradigm.pruning.sparsity", Assert.Single(Faults(Valid.Replace("0.5", sparsity, StringComparison.Ordinal))).Path);

    [Theory]
    [InlineData(""""{"kind": "mnli-hans", "train_rows": 0}, "vocabulary": {"kind": "file", "path": "v"}"""", "$.task.train_rows")]
    [InlineData(""""{"kind": "shortcut-nli"}, "bias": {"kind": "overlap", "folds": 1}"""", "$.bias.folds")]
    [InlineData(""""{"kind": "shortcut-nli"}, "model": {"kind": "bert", "type_vocab_size": 1}"""", "$.model.type_vocab_size")]
    [InlineData(""""{"kind": "shortcut-nli"}, "model": {"kind": "roberta", "max_position_embeddings": 129}"""", "$.max_length")]
    [InlineData(""""{"kind": "shortcut-nli"}, "model": {"kind": "roberta", "hidden_size": 100, "num_attention_heads": 3}"""", "$.model.hidden_size")]
    public void A_value_that_cannot_work_is_a_fault_of_the_recipe(string task, string path) =>
        Assert.Equal(path, Assert.Single(Faults($$$"""{"task": {{{task}}}, "paradigm": {"kind": "full-model"} }""")).Path);

    [Theory]
    [InlineData("{", "$")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    [InlineData("""{"task": null, "paradigm": {"kind": "full-model"}}""", "$.task")]
    [InlineData("""{"task": {"kind": "shortcut-nli"}, "task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""", "$")]
    public void What_is_not_a_recipe_is_refused_where_it_is_wrong(string json, string path) =>
        Assert.Equal(path, Assert.Single(Faults(json)).Path);

    [Fact]
    public void Combinations_that_cannot_work_are_all_named()
    {
        const string json = """
            {"task": {"kind": "mnli-hans"}, "max_length": 256, "model": {"kind": "bert", "hidden_size": 100, "num_attention_heads": 3},
             "paradigm": {"kind": "without-fine-tuning", "pruning": {"kind": "mask-training", "sparsity": 0.5}}}
            """;
        Assert.Equal(
            ["$.max_length", "$.model.hidden_size", "$.paradigm.pruning_training", "$.vocabulary"],
            Faults(json).Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("cross-entropy", false, 0)]
    [InlineData("product-of-experts", true, 1)]
    [InlineData("product-of-experts", false, 0)]
    [InlineData("cross-entropy", true, 0)]
    public void A_mixed_training_set_has_no_bias_model(string objective, bool mixed, int faults)
    {
        var recipe = $$"""
            {"task": {"kind": "qqp-paws", "train_on_out_of_distribution": {{(mixed ? "true" : "false")}}}, "vocabulary": {"kind": "file", "path": "v"},
             "paradigm": {"kind": "full-model", "fine_tuning": {"objective": {"kind": "{{objective}}"} } } }
            """;
        if (faults == 0)
            Assert.IsType<QqpPawsTask>(RecipeReader.Read(recipe).Task);
        else
            Assert.Equal("$.paradigm.fine_tuning.objective", Assert.Single(Faults(recipe)).Path);
    }

    [Theory]
    [InlineData("cola", GlueName.Cola, "cross-entropy")]
    [InlineData("stsb", GlueName.Stsb, "mean-squared-error")]
    [InlineData("sst2", GlueName.Sst2, "cross-entropy")]
    public void A_task_of_GLUE_goes_by_its_usual_name(string word, GlueName name, string objective)
    {
        var recipe = RecipeReader.Read($$"""
            {"task": {"kind": "glue", "name": "{{word}}"}, "vocabulary": {"kind": "file", "path": "v"},
             "paradigm": {"kind": "full-model", "fine_tuning": {"objective": {"kind": "{{objective}}"} } } }
            """);
        Assert.Equal(new GlueTask { Name = name }, recipe.Task);
    }

    [Fact]
    public void Every_preset_survives_a_round_trip_through_json()
    {
        foreach (var cell in PaperRecipes.All.SelectMany(preset => preset.Cells))
            Assert.Equal(cell.Recipe, RecipeReader.Read(RecipeHash.CanonicalJson(cell.Recipe)));
    }

    private static IReadOnlyList<Fault> Faults(string json) => Assert.Throws<RecipeInvalidException>(() => RecipeReader.Read(json)).Faults;
}
