using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Which runs wait because of a paused sweep.</summary>
internal static class SweepHold
{
    /// <summary>Queued runs of a paused sweep, unless somebody else wants them: another sweep that is active, or whoever launched them alone.</summary>
    public static IQueryable<RunRow> Held(LabDb db)
    {
        var members = db.SweepRuns.Join(db.Sweeps, member => member.SweepId, sweep => sweep.Id, (member, sweep) => new { member.RunId, member.Launched, sweep.State });
        return db.Runs.Where(run => run.State == RunState.Queued
            && members.Any(each => each.RunId == run.Id && each.State == SweepState.Paused)
            && !members.Any(each => each.RunId == run.Id && each.State == SweepState.Active)
            && members.Any(each => each.RunId == run.Id && each.Launched));
    }
}
