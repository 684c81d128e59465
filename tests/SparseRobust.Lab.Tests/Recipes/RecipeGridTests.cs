using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeGridTests
{
    private const string Pruned = """
        {"task": {"kind": "shortcut-nli"},
         "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "mask-training"}, "pruning_training": {}}}
        """;

    [Fact]
    public void A_grid_is_every_combination_with_the_last_axis_fastest()
    {
        var cells = Expand(Pruned, ("paradigm.pruning.sparsity", "[0.5, 0.7]"), ("paradigm.fine_tuning.objective.kind", """["cross-entropy", "product-of-experts"]"""));
        Assert.Equal(
            [(0.5, "cross-entropy"), (0.5, "product-of-experts"), (0.7, "cross-entropy"), (0.7, "product-of-experts")],
            cells.Select(cell => RecipeSummary.Of(cell.Recipe)).Select(summary => (summary.Sparsity!.Value, summary.FineTuningObjective!)));
        Assert.Equal((0.7, "cross-entropy"), ((double)cells[2].Values["paradigm.pruning.sparsity"]!, (string?)cells[2].Values["paradigm.fine_tuning.objective.kind"]));
    }

    [Fact]
    public void Whole_specs_are_values_too_and_inner_axes_are_set_after_outer_ones()
    {
        var cells = Expand(Pruned, ("paradigm.pruning.sparsity", "[0.9]"), ("paradigm.pruning", """[{"kind": "magnitude"}, {"kind": "mask-training", "initialisation": "soft"}]"""));
        Assert.Equal([("magnitude", 0.9), ("mask-training", 0.9)], cells.Select(cell => RecipeSummary.Of(cell.Recipe)).Select(summary => (summary.Pruning!, summary.Sparsity!.Value)));
    }

    [Fact]
    public void A_record_that_the_recipe_leaves_out_is_of_its_default_kind()
    {
        var cell = Assert.Single(Expand("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""", ("model.hidden_size", "[64]")));
        Assert.Equal(64, Assert.IsType<Lab.Models.BertSpec>(cell.Recipe.Model).HiddenSize);
    }

    [Fact]
    public void Null_is_a_value_where_the_recipe_allows_it()
    {
        var cells = Expand("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "without-fine-tuning", "pruning": {"kind": "magnitude", "sparsity": 0.5}}}""", ("paradigm.pruning_training", "[null, {}]"));
        Assert.Equal([null, "cross-entropy"], cells.Select(cell => RecipeSummary.Of(cell.Recipe).PruningObjective));
    }

    [Fact]
    public void Cells_with_one_recipe_are_merged_and_no_axis_is_one_cell()
    {
        var cell = Assert.Single(Expand("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""", ("paradigm.fine_tuning.learning_rate", "[5e-5, 0.00005]"), ("max_length", "[128, 128]")));
        Assert.Equal(128, (int)cell.Values["max_length"]!);
        Assert.Empty(Assert.Single(Expand("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""")).Values);
    }

    [Fact]
    public void Every_fault_of_every_cell_is_named_once_with_the_cells_values()
    {
        var faults = Faults(
            """{"task": {"kind": "shortcut-nli"}, "tsak": 1, "paradigm": {"kind": "without-fine-tuning", "pruning": {"kind": "magnitude"}}}""",
            ("paradigm.pruning.sparsity", "[0.5, 1.5]"), ("paradigm.pruning.kind", """["magnitude", "mask-training"]"""));
        Assert.Equal(["$.tsak", "$.paradigm.pruning_training", "$.paradigm.pruning.sparsity"], faults.Select(fault => fault.Path));
        Assert.EndsWith("(in every cell of the grid)", faults[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("""(where paradigm.pruning.sparsity = 0.5, paradigm.pruning.kind = "mask-training"; paradigm.pruning.sparsity = 1.5, paradigm.pruning.kind = "mask-training")""", faults[1].Message, StringComparison.Ordinal);
        Assert.Contains("1.5 is out of range", faults[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_faulty_cells_the_first_are_named_and_the_others_counted()
    {
        var fault = Assert.Single(Faults(Pruned, ("paradigm.pruning.sparsity", "[0.5]"), ("max_length", "[128, 2, 2, 2, 2, 2, 2, 2]")));
        Assert.Equal("$.max_length", fault.Path);
        Assert.EndsWith("; and in 2 more cells)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_length.deep", "[1]", "$.max_length.deep")]
    [InlineData("paradigm.prunning.sparsity", "[0.5]", "$.paradigm.prunning")]
    [InlineData("", "[0.5]", "$.")]
    [InlineData("max_length", "[]", "$.max_length")]
    [InlineData("paradigm.kind", "[7]", "$.paradigm.kind")]
    public void An_axis_that_cannot_be_is_a_fault_where_it_is_wrong(string path, string values, string fault) =>
        Assert.Contains(Faults("""{"task": {"kind": "shortcut-nli"}, "max_length": 64, "paradigm": {"kind": "full-model"}}""", (path, values)), found => found.Path == fault);

    [Fact]
    public void A_recipe_with_a_property_twice_is_refused() =>
        Assert.Equal("$", Assert.Single(Faults("""{"task": {"kind": "shortcut-nli"}, "task": {"kind": "mnli-hans"}, "paradigm": {"kind": "full-model"}}""")).Path);

    [Fact]
    public void A_grid_of_more_than_ten_thousand_cells_is_refused_before_any_is_made()
    {
        var values = "[" + string.Join(',', Enumerable.Range(4, 101)) + "]";
        var fault = Assert.Single(Faults(Pruned, ("max_length", values), ("model.max_position_embeddings", values)));
        Assert.Equal("$", fault.Path);
        Assert.Contains("10201 cells; at most 10000", fault.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<GridCell> Expand(string recipe, params (string Path, string Values)[] axes) =>
        RecipeGrid.Expand(JsonNode.Parse(recipe)!.AsObject(), axes.ToDictionary(axis => axis.Path, axis => JsonNode.Parse(axis.Values)!.AsArray()));

    private static IReadOnlyList<Fault> Faults(string recipe, params (string Path, string Values)[] axes) =>
        Assert.Throws<RecipeInvalidException>(() => Expand(recipe, axes)).Faults;
}
