using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>Pause, resume and cancel. What a sweep's state means for the queue is the reconciliation's to say; here it is only made to happen at once.</summary>
internal sealed class SweepActions(IDbContextFactory<LabDb> databases, RunQueue queue, RunNotifier notifier, TimeProvider time)
{
    /// <summary>Its queued runs wait, unless somebody else wants them too (<see cref="SweepHold"/>); running ones finish.</summary>
    public Task PauseAsync(string sweepId, CancellationToken cancellation) => ChangeAsync(sweepId, SweepState.Paused, cancellation);

    /// <summary>Its queued runs are due again. What failed or was cancelled stays so.</summary>
    public Task ResumeAsync(string sweepId, CancellationToken cancellation) => ChangeAsync(sweepId, SweepState.Active, cancellation);

    /// <summary>Cancels its runs that have not ended, but for those that somebody else wants: another sweep that is not cancelled, or whoever launched them before any sweep did.</summary>
    public async Task CancelAsync(string sweepId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await RequireAsync(db, sweepId, cancellation);
        await db.Sweeps.Where(sweep => sweep.Id == sweepId).ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.State, SweepState.Cancelled), cancellation);
        var own = db.Runs.Where(run => db.SweepRuns.Any(member => member.SweepId == sweepId && member.RunId == run.Id)
            && db.SweepRuns.Any(member => member.RunId == run.Id && member.Launched)
            && !db.SweepRuns.Any(member => member.SweepId != sweepId && member.RunId == run.Id && db.Sweeps.Any(sweep => sweep.Id == member.SweepId && sweep.State != SweepState.Cancelled)));
        var waiting = await own.Where(run => run.State == RunState.Queued).Select(run => run.Id).ToListAsync(cancellation);
        var working = await own.Where(run => run.State == RunState.Running || run.State == RunState.Recovering).Select(run => run.Id).ToListAsync(cancellation);
        await db.Runs.Where(run => waiting.Contains(run.Id) && run.State == RunState.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Cancelled).SetProperty(run => run.FinishedAt, time.GetUtcNow()), cancellation);
        // One that a worker has taken between the two statements is asked to stop like the others.
        await db.Runs.Where(run => (waiting.Contains(run.Id) || working.Contains(run.Id)) && (run.State == RunState.Running || run.State == RunState.Recovering))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Cancelling), cancellation);
        await queue.RemoveAsync(waiting, cancellation);
        await notifier.TellAsync([.. waiting, .. working], cancellation);
    }

    private async Task ChangeAsync(string sweepId, string state, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await RequireAsync(db, sweepId, cancellation);
        var changed = await db.Sweeps.Where(sweep => sweep.Id == sweepId && sweep.State != SweepState.Cancelled)
            .ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.State, state), cancellation);
        if (changed == 0)
            throw Problem.Conflict($"Sweep {sweepId} is cancelled; a cancelled sweep cannot be paused or resumed. Launch it again: what is finished is not repeated.");
        await queue.ReconcileAsync(cancellation);
    }

    private static async Task RequireAsync(LabDb db, string sweepId, CancellationToken cancellation)
    {
        if (!await db.Sweeps.AnyAsync(sweep => sweep.Id == sweepId, cancellation))
            throw Problem.NotFound("sweep", sweepId);
    }
}
