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
        RequirePriority(request.Priority);
        var experiment = Experiment.Read(new AskedExperiment(request.Recipe, request.Preset, null, request.Seeds));
        return [.. from seed in experiment.Seeds from cell in experiment.Cells select new LaunchRequest(cell.Recipe, seed)
        {
            Name = request.Name,
            Tags = request.Tags,
            Notes = request.Notes,
            Priority = request.Priority,
            Preset = experiment.Preset?.Name,
            Cell = experiment.Preset is null ? null : cell.Name,
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

    public static void RequirePriority(int priority)
    {
        if (priority is < -100 or > 100)
            throw Problem.Invalid("$.priority", $"{priority} is not from -100 to 100.");
    }

    public static Preset FindPreset(string name) =>
        PaperRecipes.Find(name) ?? throw Problem.Invalid("$.preset", $"\"{name}\" is no preset. There are {string.Join(", ", PaperRecipes.All.Select(preset => preset.Name))}.");

    [GeneratedRegex(@"^[\p{L}\p{N}._:/ -]{1,64}\z")]
    private static partial Regex Tag();
}
