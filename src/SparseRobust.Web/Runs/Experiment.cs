using System.Text.Json.Nodes;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>Recipes times seeds, as plans and sweeps ask for them: a preset, or a recipe with or without a grid.</summary>
/// <param name="Preset">The preset, if one was named.</param>
/// <param name="Cells">Valid recipes with names for people; the name is empty for a recipe alone.</param>
/// <param name="Seeds">At least one, no repeats.</param>
internal sealed record Experiment(Preset? Preset, IReadOnlyList<Cell> Cells, IReadOnlyList<long> Seeds)
{
    public int RunCount => Cells.Count * Seeds.Count;

    /// <summary>Everything wrong with it at once.</summary>
    /// <exception cref="Problem">RequestInvalid.</exception>
    /// <exception cref="SparseRobust.Lab.Errors.RecipeInvalidException">With every fault of every cell.</exception>
    public static Experiment Read(AskedExperiment asked)
    {
        if (asked.Recipe is null == asked.Preset is null)
            throw Problem.Invalid("$", "give either a recipe or a preset.");
        if (asked.Preset is not null && asked.Grid is not null)
            throw Problem.Invalid("$.grid", "goes with a recipe; a preset has its own cells. Leave it out, or give one of the preset's recipes.");
        var preset = asked.Preset is { } name ? LaunchReader.FindPreset(name) : null;
        var seeds = LaunchReader.Seeds(asked.Seeds ?? preset?.Seeds ?? [1]);
        var cells = preset?.Cells ?? CellsOf(asked.Recipe!, asked.Grid ?? new Dictionary<string, JsonArray>());
        var experiment = new Experiment(preset, cells, seeds);
        if (experiment.RunCount > LaunchReader.MostRuns)
            throw Problem.Invalid("$.seeds", $"{cells.Count:N0} cells with {seeds.Count:N0} seeds are {experiment.RunCount:N0} runs; at most {LaunchReader.MostRuns:N0} are taken at once. Give fewer seeds or fewer values.");
        return experiment;
    }

    private static IReadOnlyList<Cell> CellsOf(JsonObject recipe, IReadOnlyDictionary<string, JsonArray> grid) =>
        [.. RecipeGrid.Expand(recipe, grid).Select(cell => new Cell(GridNames.Of(cell.Values), cell.Recipe))];
}

/// <summary>What a plan or a sweep is asked to consist of.</summary>
internal sealed record AskedExperiment(JsonObject? Recipe, string? Preset, IReadOnlyDictionary<string, JsonArray>? Grid, IReadOnlyList<long>? Seeds);
