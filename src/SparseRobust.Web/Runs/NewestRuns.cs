using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Which runs of some recipes and seeds are there; of those that were done again, the last.</summary>
internal static class NewestRuns
{
    public static async Task<IReadOnlyDictionary<(string RecipeHash, long Seed), NewestRun>> ReadAsync(LabDb db, IReadOnlyList<string> recipeHashes, IReadOnlyList<long> seeds, CancellationToken cancellation)
    {
        var runs = await db.Runs.AsNoTracking().Where(run => recipeHashes.Contains(run.RecipeHash) && seeds.Contains(run.Seed))
            .Select(run => new { run.Id, run.RecipeHash, run.Seed, run.Rerun, run.State }).ToListAsync(cancellation);
        return runs.OrderBy(run => run.Rerun).GroupBy(run => (run.RecipeHash, run.Seed), run => new NewestRun(run.Id, run.State)).ToDictionary(group => group.Key, group => group.Last());
    }
}

/// <summary>A run that is there.</summary>
internal sealed record NewestRun(string Id, RunState State);
