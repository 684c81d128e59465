using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>From what was asked to valid launch requests; every fault at once.</summary>
internal static partial class LaunchReader
{
    public const int MostRuns = 10_000;

    /// <exception cref="Problem">RequestInvalid.</exception>
    /// <exception cref="RecipeInvalidException">With every fault of the recipe.</exception>
    public static IReadOnlyList<LaunchRequest> Read(CreateRuns request)
    {
        RequireLabels(request.Name, request.Tags, request.Notes);
        if (request.Priority is < -100 or > 100)
            throw Problem.Invalid("$.priority", $"{request.Priority} is not from -100 to 100.");
        var (preset, cells, seeds) = Cells(request);
        if (cells.Count * seeds.Count > MostRuns)
            throw Problem.Invalid("$.seeds", $"{cells.Count * seeds.Count:N0} runs are more than {MostRuns:N0} at once. Give fewer seeds.");
        return [.. from seed in seeds from cell in cells select new LaunchRequest(cell.Recipe, seed)
        {
            Name = request.Name,
            Tags = request.Tags,
            Notes = request.Notes,
            Priority = request.Priority,
            Preset = preset?.Name,
            Cell = preset is null ? null : cell.Name,
            Rerun = request.Rerun,
        }];
    }

    public static IReadOnlyList<long> Seeds(IReadOnlyList<long> seeds)
    {
        if (seeds.Count == 0)
            throw Problem.Invalid("$.seeds", "is empty. Give at least one seed, such as [1].");
        if (seeds.FirstOrDefault(seed => seed is < 0 or > int.MaxValue) is not 0 and var wrong)
            throw Problem.Invalid("$.seeds", $"{wrong} is not from 0 to {int.MaxValue}.");
        return [.. seeds.Distinct()];
    }

    public static void RequireLabels(string? name, IReadOnlyList<string>? tags, string? notes)
    {
        if (name?.Length > 250)
            throw Problem.Invalid("$.name", $"has {name.Length} characters; at most 250 are kept.");
        if (notes?.Length > 20_000)
            throw Problem.Invalid("$.notes", $"has {notes.Length} characters; at most 20,000 are kept.");
        if (tags?.Count > 100)
            throw Problem.Invalid("$.tags", $"has {tags.Count} tags; at most 100 are kept.");
        if (tags?.FirstOrDefault(tag => !Tag().IsMatch(tag)) is { } wrong)
            throw Problem.Invalid("$.tags", $"\"{wrong}\" is no tag. A tag has 1 to 64 letters, digits, spaces and . _ - : / characters.");
    }

    private static (Preset? Preset, IReadOnlyList<Cell> Cells, IReadOnlyList<long> Seeds) Cells(CreateRuns request)
    {
        if (request.Recipe is null == request.Preset is null)
            throw Problem.Invalid("$", "give either a recipe or a preset.");
        if (request.Recipe is { } recipe)
            return (null, [new Cell("", RecipeReader.Read(recipe.ToJsonString()))], Seeds(request.Seeds ?? [1]));
        var preset = FindPreset(request.Preset!);
        return (preset, preset.Cells, Seeds(request.Seeds ?? preset.Seeds));
    }

    public static Preset FindPreset(string name) =>
        PaperRecipes.Find(name) ?? throw Problem.Invalid("$.preset", $"\"{name}\" is no preset. There are {string.Join(", ", PaperRecipes.All.Select(preset => preset.Name))}.");

    [GeneratedRegex(@"^[\p{L}\p{N}._:/ -]{1,64}$")]
    private static partial Regex Tag();
}
