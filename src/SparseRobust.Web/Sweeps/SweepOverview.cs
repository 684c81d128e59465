using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>One sweep with its runs in order and their final scores.</summary>
public sealed record SweepOverview(SweepProgress Progress, IReadOnlyList<RunRow> Runs, RunScoreTable Scores)
{
    public SweepRow Sweep => Progress.Sweep;

    public IReadOnlyList<RunScoreGroup> Recipes { get; } = Scores.ByRecipe(Runs);

    public IReadOnlyList<long> Seeds { get; } = [.. Runs.Select(run => run.Seed).Distinct().Order()];

    internal static async Task<SweepOverview> ReadAsync(LabDb db, string id, CancellationToken cancellation)
    {
        var sweep = await db.Sweeps.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) ?? throw Problem.NotFound("sweep", id);
        var order = await db.SweepRuns.AsNoTracking().Where(member => member.SweepId == id).ToDictionaryAsync(member => member.RunId, member => member.Ordinal, cancellation);
        var ids = order.Keys.ToArray();
        var runs = await db.Runs.AsNoTracking().Where(run => ids.Contains(run.Id)).Listed().ToListAsync(cancellation);
        var progress = new SweepProgress(sweep, runs.GroupBy(run => run.State).ToDictionary(group => group.Key, group => group.Count()));
        return new SweepOverview(progress, [.. runs.OrderBy(run => order[run.Id])], await RunScoreTable.ReadAsync(db, ids, cancellation));
    }
}
