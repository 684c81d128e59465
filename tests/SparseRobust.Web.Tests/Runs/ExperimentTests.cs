using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class ExperimentTests
{
    private static JsonObject Recipe => JsonNode.Parse("""{"task":{"kind":"shortcut-nli"},"paradigm":{"kind":"after-fine-tuning","pruning":{"kind":"magnitude","sparsity":0.5}}}""")!.AsObject();

    private static Dictionary<string, JsonArray> Grid(params double[] sparsities) => new() { ["paradigm.pruning.sparsity"] = [.. sparsities.Select(value => JsonValue.Create(value))] };

    private static Experiment Read(JsonObject? recipe, string? preset = null, IReadOnlyDictionary<string, JsonArray>? grid = null, IReadOnlyList<long>? seeds = null) =>
        Experiment.Read(new AskedExperiment(recipe, preset, grid, seeds));

    [Fact]
    public void A_recipe_alone_is_one_nameless_cell_with_seed_1()
    {
        var experiment = Read(Recipe);
        Assert.Equal("", Assert.Single(experiment.Cells).Name);
        Assert.Equal([1], experiment.Seeds);
    }

    [Fact]
    public void A_grid_makes_a_named_cell_of_each_value()
    {
        var experiment = Read(Recipe, grid: Grid(0.3, 0.6), seeds: [4, 4, 5]);
        Assert.Equal(["sparsity 0.3", "sparsity 0.6"], experiment.Cells.Select(cell => cell.Name));
        Assert.Equal(4, experiment.RunCount);
    }

    [Fact]
    public void A_preset_brings_its_cells_and_seeds()
    {
        var experiment = Read(null, "srnets/shortcut-nli");
        Assert.Equal(experiment.Preset!.Cells.Count * experiment.Preset.Seeds.Count, experiment.RunCount);
    }

    [Fact]
    public void Neither_both_nor_a_grid_over_a_preset_are_taken()
    {
        Assert.Equal("RequestInvalid", Assert.Throws<Problem>(() => Read(null)).Code);
        Assert.Equal("RequestInvalid", Assert.Throws<Problem>(() => Read(Recipe, "srnets/shortcut-nli")).Code);
        Assert.Equal("$.grid", Assert.Throws<Problem>(() => Read(null, "srnets/shortcut-nli", Grid(0.5))).Faults.Single().Path);
    }

    [Fact]
    public void Too_many_runs_are_refused_with_their_number()
    {
        var problem = Assert.Throws<Problem>(() => Read(Recipe, grid: Grid(0.1, 0.2, 0.3), seeds: [.. Enumerable.Range(0, 3_334).Select(seed => (long)seed)]));
        Assert.Contains("10,002 runs", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_cell_refuses_the_grid_and_is_named()
    {
        var problem = Assert.Throws<RecipeInvalidException>(() => Read(Recipe, grid: Grid(0.5, 1.5)));
        Assert.Contains("1.5", Assert.Single(problem.Faults).Message, StringComparison.Ordinal);
    }
}
