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
        var recipes = request.Cells.Select(cell => (Hash: RecipeHash.Of(cell.Recipe), Values: string.Join(", ", cell.Values.Select(value => $"{value.Key} = {value.Value?.ToString() ?? "null"}")))).ToList();
        var there = await NewestRuns.ReadAsync(db, [.. recipes.Select(recipe => recipe.Hash)], request.Seeds, cancellation);
        var runs = from recipe in recipes
                   from seed in request.Seeds
                   let run = there.GetValueOrDefault((recipe.Hash, seed))
                   select new PreviewedRun(run?.Id ?? $"{recipe.Hash}-{seed}", seed, recipe.Values, run?.State);
        return new LaunchPreview([.. runs], recipes.Count, request.Seeds.Count);
    }
}

/// <summary>A run that would answer; the state of one that is there, null for a new one.</summary>
public sealed record PreviewedRun(string Id, long Seed, string Values, RunState? State);
