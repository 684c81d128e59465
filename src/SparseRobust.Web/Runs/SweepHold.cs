using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Which runs wait because of a paused sweep.</summary>
internal static class SweepHold
{
    /// <summary>
    /// Queued runs of a paused sweep, unless somebody else wants them: another sweep that is active, or whoever launched them alone.
    /// Alone means that the run is older than every sweep that holds it, for a sweep's row is dated before the runs made for it.
    /// </summary>
    public static IQueryable<RunRow> Held(LabDb db)
    {
        var members = db.SweepRuns.Join(db.Sweeps, member => member.SweepId, sweep => sweep.Id, (member, sweep) => new { member.RunId, sweep.State, sweep.CreatedAt });
        return db.Runs.Where(run => run.State == RunState.Queued
            && members.Any(each => each.RunId == run.Id && each.State == SweepState.Paused)
            && !members.Any(each => each.RunId == run.Id && each.State == SweepState.Active)
            && members.Any(each => each.RunId == run.Id && each.CreatedAt <= run.CreatedAt));
    }
}
