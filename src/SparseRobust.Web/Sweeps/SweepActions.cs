using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>What can be done with a sweep: hold its waiting runs back, let them go on, cancel what has not ended.</summary>
internal sealed class SweepActions(IDbContextFactory<LabDb> databases, RunQueue queue, RunActions runs)
{
    public async Task PauseAsync(string id, CancellationToken cancellation)
    {
        await SetAsync(id, "active", "paused", cancellation);
        foreach (var run in await RunsAsync(id, [RunState.Queued], cancellation))
            await queue.RemoveAsync(run, cancellation);
    }

    public async Task ResumeAsync(string id, CancellationToken cancellation)
    {
        await SetAsync(id, "paused", "active", cancellation);
        await queue.ReconcileAsync(cancellation);
    }

    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Sweeps.Where(sweep => sweep.Id == id).ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.State, "cancelled"), cancellation) == 0)
            throw Problem.NotFound("sweep", id);
        foreach (var run in await RunsAsync(id, [RunState.Queued, RunState.Running, RunState.Recovering], cancellation))
            await CancelRunAsync(run, cancellation);
    }

    private async Task CancelRunAsync(string run, CancellationToken cancellation)
    {
        try
        {
            await runs.CancelAsync(run, cancellation);
        }
        catch (Problem problem) when (problem.Code == "StateConflict")
        {
            // It ended in the meantime.
        }
    }

    private async Task SetAsync(string id, string from, string to, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var sweep = await db.Sweeps.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) ?? throw Problem.NotFound("sweep", id);
        if (await db.Sweeps.Where(row => row.Id == id && row.State == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, to), cancellation) == 0)
            throw Problem.Conflict($"Sweep {id} is {sweep.State}, not {from}.");
    }

    private async Task<IReadOnlyList<string>> RunsAsync(string id, RunState[] states, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.SweepRuns.Where(member => member.SweepId == id && db.Runs.Any(run => run.Id == member.RunId && states.Contains(run.State))).Select(member => member.RunId).ToListAsync(cancellation);
    }
}
