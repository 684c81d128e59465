using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>A sweep and how many of its runs are in each state.</summary>
public sealed record SweepProgress(SweepRow Sweep, IReadOnlyDictionary<RunState, int> States)
{
    public int Total => States.Values.Sum();

    public int Ended => States.Where(state => state.Key.IsEnded()).Sum(state => state.Value);

    /// <summary>What people see: what was asked for, until all runs have ended.</summary>
    public string Word => Sweep.State != "active" ? Sweep.State : Ended < Total ? States.ContainsKey(RunState.Running) ? "running" : "queued" : States.ContainsKey(RunState.Failed) ? "failed" : "succeeded";

    /// <summary>The newest sweeps.</summary>
    internal static async Task<IReadOnlyList<SweepProgress>> ListAsync(LabDb db, int most, CancellationToken cancellation)
    {
        var sweeps = await db.Sweeps.AsNoTracking().OrderByDescending(sweep => sweep.CreatedAt).Take(most).ToListAsync(cancellation);
        var ids = sweeps.Select(sweep => sweep.Id).ToArray();
        var counts = await db.SweepRuns.Where(member => ids.Contains(member.SweepId))
            .Join(db.Runs, member => member.RunId, run => run.Id, (member, run) => new { member.SweepId, run.State })
            .GroupBy(each => new { each.SweepId, each.State }).Select(group => new { group.Key.SweepId, group.Key.State, Count = group.Count() }).ToListAsync(cancellation);
        return [.. sweeps.Select(sweep => new SweepProgress(sweep, counts.Where(count => count.SweepId == sweep.Id).ToDictionary(count => count.State, count => count.Count)))];
    }
}
