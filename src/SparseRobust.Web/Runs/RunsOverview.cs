using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>What the page of runs shows.</summary>
public sealed record RunsOverview
{
    private const int MostRecipes = 200;

    public required IReadOnlyList<RunRow> Runs { get; init; }

    public required RunScoreTable Scores { get; init; }

    /// <summary>How many runs the filter leaves.</summary>
    public required long Matching { get; init; }

    /// <summary>How many runs of each state the filter leaves when its own words about states are left out.</summary>
    public required IReadOnlyDictionary<RunState, int> States { get; init; }

    public string? NextPageToken { get; init; }

    /// <summary>Whether there are more recipes than are grouped.</summary>
    public bool IsCut { get; init; }

    internal static async Task<RunsOverview> ReadAsync(LabDb db, RunList list, RunListQuery query, bool byRecipe, CancellationToken cancellation)
    {
        var words = RunList.Words(query.Filter);
        var stateless = string.Join(' ', words.Where(word => !word.StartsWith("state:", StringComparison.Ordinal)));
        var states = await RunList.Filtered(db, stateless).GroupBy(run => run.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
        var (runs, next, isCut) = byRecipe ? await RecipesAsync(db, query.Filter, cancellation) : await PageAsync(list, query, cancellation);
        return new RunsOverview
        {
            Runs = runs,
            Scores = await RunScoreTable.ReadAsync(db, [.. runs.Select(run => run.Id)], cancellation),
            Matching = await RunList.Filtered(db, query.Filter).LongCountAsync(cancellation),
            States = states,
            NextPageToken = next,
            IsCut = isCut,
        };
    }

    private static async Task<(IReadOnlyList<RunRow> Runs, string? Next, bool IsCut)> PageAsync(RunList list, RunListQuery query, CancellationToken cancellation)
    {
        var (items, next) = await list.ReadAsync(query, cancellation);
        return (items, next, false);
    }

    // Whole recipes, never part of one: a mean over the seeds that happen to be on a page would be a wrong number.
    private static async Task<(IReadOnlyList<RunRow> Runs, string? Next, bool IsCut)> RecipesAsync(LabDb db, string? filter, CancellationToken cancellation)
    {
        var newest = await RunList.Filtered(db, filter).GroupBy(run => run.RecipeHash)
            .Select(group => new { group.Key, Last = group.Max(run => run.CreatedAt) })
            .OrderByDescending(group => group.Last).ThenBy(group => group.Key).Take(MostRecipes + 1).Select(group => group.Key).ToListAsync(cancellation);
        var recipes = newest.Take(MostRecipes).ToArray();
        var runs = await RunList.Filtered(db, filter).Where(run => recipes.Contains(run.RecipeHash)).Listed().ToListAsync(cancellation);
        return ([.. runs.OrderBy(run => Array.IndexOf(recipes, run.RecipeHash)).ThenBy(run => run.Seed).ThenBy(run => run.Rerun)], null, newest.Count > MostRecipes);
    }
}
