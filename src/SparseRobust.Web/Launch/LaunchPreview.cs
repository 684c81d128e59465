using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Launch;

/// <summary>What launching would do: which runs are there already. Nothing is started.</summary>
public sealed record LaunchPreview(IReadOnlyList<PreviewedRun> Runs, int Cells, int Seeds)
{
    public IReadOnlyList<PreviewedRun> There => [.. Runs.Where(run => run.State is not null)];

    internal static async Task<LaunchPreview> ReadAsync(LabDb db, NewRunRequest request, CancellationToken cancellation)
    {
        var recipes = request.Cells.Select(cell => (Hash: RecipeHash.Of(cell.Recipe), cell.Values)).ToList();
        var hashes = recipes.Select(recipe => recipe.Hash).ToArray();
        var seeds = request.Seeds.ToArray();
        var there = await db.Runs.AsNoTracking().Where(run => hashes.Contains(run.RecipeHash) && seeds.Contains(run.Seed))
            .Select(run => new { run.Id, run.RecipeHash, run.Seed, run.Rerun, run.State }).ToListAsync(cancellation);
        var newest = there.GroupBy(run => (run.RecipeHash, run.Seed)).ToDictionary(group => group.Key, group => group.MaxBy(run => run.Rerun)!);
        return new LaunchPreview([.. from recipe in recipes from seed in seeds select newest.TryGetValue((recipe.Hash, seed), out var run)
            ? new PreviewedRun(run.Id, seed, string.Join(", ", recipe.Values.Select(value => $"{value.Key} = {value.Value?.ToString() ?? "null"}")), run.State)
            : new PreviewedRun($"{recipe.Hash}-{seed}", seed, string.Join(", ", recipe.Values.Select(value => $"{value.Key} = {value.Value?.ToString() ?? "null"}")), null)], recipes.Count, seeds.Length);
    }
}

/// <summary>A run that would answer; the state of one that is there, null for a new one.</summary>
public sealed record PreviewedRun(string Id, long Seed, string Values, RunState? State);
