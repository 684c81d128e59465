using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Nodes;

/// <summary>What waits, what is being worked on, and why the rest is not.</summary>
internal sealed class QueueList(IDbContextFactory<LabDb> databases, NodeList nodes)
{
    /// <summary>Most waiting runs that are listed; all are counted.</summary>
    public const int MostListed = 1_000;

    public async Task<QueueView> ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var workers = (await nodes.ReadAsync(cancellation)).Count(node => node.IsAlive && node.Roles.Contains("train"));
        var busy = await Items(db.Runs.Where(run => run.State == RunState.Running || run.State == RunState.Recovering || run.State == RunState.Cancelling)).ToListAsync(cancellation);
        var held = await SweepHold.Held(db).Select(run => run.Id).ToListAsync(cancellation);
        var queued = db.Runs.Where(run => run.State == RunState.Queued);
        // The order of RunQueue's triggers: a priority is a head start of a day. What is held back comes last.
        var waiting = await Items(queued.OrderBy(run => held.Contains(run.Id)).ThenBy(run => run.CreatedAt.AddDays(-run.Priority)).ThenBy(run => run.Id).Take(MostListed)).ToListAsync(cancellation);
        var set = held.ToHashSet();
        return new QueueView
        {
            Running = [.. busy.Where(item => item.State != RunState.Recovering.Word())],
            Recovering = [.. busy.Where(item => item.State == RunState.Recovering.Word()).Select(item => item with { WaitingReason = WaitingReasons.OfRecovering(workers) })],
            Queued = [.. waiting.Select((item, index) => set.Contains(item.Id) ? item with { WaitingReason = WaitingReasons.OfHeld } : item with { Position = index + 1, WaitingReason = WaitingReasons.OfQueued(index, workers) })],
            QueuedCount = await queued.CountAsync(cancellation),
            HeldCount = held.Count,
            WorkerCount = workers,
        };
    }

    private static IQueryable<QueueItem> Items(IQueryable<RunRow> runs) => runs.AsNoTracking().Select(run => new QueueItem
    {
        Id = run.Id,
        Name = run.Name,
        Cell = run.Cell,
        Seed = run.Seed,
        Task = run.Task,
        Pruning = run.Pruning,
        State = run.State.Word(),
        Priority = run.Priority,
        CreatedAt = run.CreatedAt,
        StartedAt = run.StartedAt,
        Node = run.LeaseNode,
        Stage = run.Stage,
        Step = run.Step,
        TotalSteps = run.TotalSteps,
    });
}
