using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>/api/v1/catalog, presets, plans: what can be asked for, and what it would cost. Nothing is started here.</summary>
internal static class RecipeEndpoints
{
    public static void MapRecipes(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("recipes");
        api.MapGet("/catalog", () => TypedResults.Ok(new CatalogView(RecipeCatalog.Recipe, RecipeCatalog.Axes))).WithSummary("Everything a recipe can say: fields with meaning, type, default, limits and source.");
        api.MapGet("/presets", Presets).WithSummary("The named experiments.");
        api.MapGet("/presets/{**name}", Preset).WithSummary("A named experiment with its recipes; the name's slash is written as it is.");
        api.MapPost("/plans", PlanAsync).WithSummary("What launching a recipe, a grid or a preset would do and cost; starts nothing.");
    }

    private static Ok<Page<PresetView>> Presets() => TypedResults.Ok(new Page<PresetView>([.. PaperRecipes.All.Select(preset => PresetView.Of(preset, whole: false))]));

    private static Ok<PresetView> Preset(string name) =>
        TypedResults.Ok(PresetView.Of(PaperRecipes.Find(name) ?? throw Problem.NotFound("preset", name), whole: true));

    private static async Task<Ok<PlanView>> PlanAsync(CreatePlan request, RunPlanner planner, CancellationToken cancellation) =>
        TypedResults.Ok(await planner.PlanAsync(Experiment.Read(new AskedExperiment(request.Recipe, request.Preset, request.Grid, request.Seeds)), cancellation));
}

/// <summary>The recipe's own fields, and the axes along which recipes differ in kind.</summary>
public sealed record CatalogView(CatalogObject Recipe, IReadOnlyList<CatalogAxis> Axes);

/// <summary>A named experiment.</summary>
/// <param name="Name">For example srnets/small-mnli-hans.</param>
/// <param name="Description">What it shows, and how it differs from the paper.</param>
/// <param name="Source">Paper and section.</param>
/// <param name="Seeds">The seeds it is run with unless others are given.</param>
/// <param name="CellCount">How many recipes.</param>
/// <param name="Cells">The recipes; only when one preset is asked for.</param>
/// <param name="Comparisons">Which cells its report sets against one another; only when one preset is asked for.</param>
public sealed record PresetView(
    string Name, string Description, string Source, IReadOnlyList<long> Seeds, int CellCount, IReadOnlyList<PresetCell>? Cells, IReadOnlyList<Comparison>? Comparisons)
{
    public static PresetView Of(Preset preset, bool whole) => new(
        preset.Name, preset.Description, preset.Source, preset.Seeds, preset.Cells.Count,
        whole ? [.. preset.Cells.Select(cell => new PresetCell(cell.Name, RecipeHash.Of(cell.Recipe), JsonElement.Parse(RecipeHash.CanonicalJson(cell.Recipe))))] : null,
        whole ? preset.Comparisons : null);
}

/// <summary>One recipe of a preset: canonical, defaults left out.</summary>
public sealed record PresetCell(string Name, string RecipeHash, JsonElement Recipe);
