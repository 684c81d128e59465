using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>What can be done with a run that is there. Each change says what it expects to find, so two at once cannot both win.</summary>
internal sealed class RunActions(IDbContextFactory<LabDb> databases, RunQueue queue, RunNotifier notifier, TimeProvider time)
{
    /// <summary>A waiting run is cancelled at once, a running one at its next step.</summary>
    public async Task<RunRow> CancelAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await FindAsync(db, runId, cancellation);
        if (run.State.IsEnded())
            throw Problem.Conflict($"Run {runId} has ended ({run.State.Word()}); there is nothing to cancel.");
        var waiting = await db.Runs.Where(row => row.Id == runId && row.State == RunState.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, RunState.Cancelled).SetProperty(row => row.FinishedAt, time.GetUtcNow()), cancellation);
        if (waiting > 0)
            await queue.RemoveAsync(runId, cancellation);
        else
            await db.Runs.Where(row => row.Id == runId && (row.State == RunState.Running || row.State == RunState.Recovering))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, RunState.Cancelling), cancellation);
        return await ReloadAsync(db, runId, cancellation);
    }

    /// <summary>A failed or cancelled run goes on from its last checkpoint.</summary>
    public async Task<RunRow> ResumeAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await FindAsync(db, runId, cancellation);
        var resumed = await db.Runs.Where(row => row.Id == runId && (row.State == RunState.Failed || row.State == RunState.Cancelled)).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, RunState.Queued).SetProperty(row => row.FinishedAt, (DateTimeOffset?)null).SetProperty(row => row.ProblemCode, (string?)null).SetProperty(row => row.ProblemMessage, (string?)null),
            cancellation);
        if (resumed == 0)
            throw Problem.Conflict($"Run {runId} is {run.State.Word()}; only a failed or cancelled run can be resumed.");
        var row = await ReloadAsync(db, runId, cancellation);
        await queue.EnqueueAsync(row, cancellation);
        return row;
    }

    /// <summary>Forgets the run and its curve. Stages stay: other runs may use them, and an equal run would make the same again.</summary>
    public async Task DeleteAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await FindAsync(db, runId, cancellation);
        var deleted = await db.Runs.Where(row => row.Id == runId && row.State != RunState.Running && row.State != RunState.Recovering && row.State != RunState.Cancelling).ExecuteDeleteAsync(cancellation);
        if (deleted == 0)
            throw Problem.Conflict($"Run {runId} is {run.State.Word()}; cancel it first, then delete it.");
        await queue.RemoveAsync(runId, cancellation);
        await notifier.TellAsync(runId, cancellation);
    }

    /// <summary>Changes what people say of a run; null leaves a label as it is, an empty text takes it away.</summary>
    public async Task<RunRow> LabelAsync(string runId, ChangeRun change, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await db.Runs.SingleOrDefaultAsync(row => row.Id == runId, cancellation) ?? throw Problem.NotFound("run", runId);
        LaunchReader.RequireLabels(change.Name, change.Tags, change.Notes);
        run.Name = Changed(run.Name, change.Name);
        run.Tags = change.Tags is null ? run.Tags : [.. change.Tags.Distinct()];
        run.Notes = Changed(run.Notes, change.Notes);
        await db.SaveChangesAsync(cancellation);
        await notifier.TellAsync(runId, cancellation);
        return run;

        static string? Changed(string? old, string? text) => text is null ? old : text.Length == 0 ? null : text;
    }

    public static async Task<RunRow> FindAsync(LabDb db, string runId, CancellationToken cancellation) =>
        await db.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == runId, cancellation) ?? throw Problem.NotFound("run", runId);

    private async Task<RunRow> ReloadAsync(LabDb db, string runId, CancellationToken cancellation)
    {
        await notifier.TellAsync(runId, cancellation);
        return await FindAsync(db, runId, cancellation);
    }
}
