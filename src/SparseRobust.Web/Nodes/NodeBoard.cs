using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Nodes;

/// <summary>Who is there and what there is to do, at one moment.</summary>
/// <param name="Now">The moment, by the database's clock that the heartbeats use.</param>
/// <param name="Nodes">Every process that ever reported, the latest heartbeat first.</param>
/// <param name="Worked">Running, recovering and cancelling runs.</param>
/// <param name="Queue">The next waiting runs, in the order in which they are taken.</param>
/// <param name="QueueLength">How many wait in all.</param>
internal sealed record NodeBoardView(DateTimeOffset Now, IReadOnlyList<NodeRow> Nodes, IReadOnlyList<RunRow> Worked, IReadOnlyList<RunRow> Queue, int QueueLength);

/// <summary>Reads the nodes and the queue.</summary>
internal sealed class NodeBoard(IDbContextFactory<LabDb> databases)
{
    private const int Shown = 100;

    /// <summary>Three heartbeats missed, and a pause for a slow disk.</summary>
    private static readonly TimeSpan Silence = 3 * NodeHeartbeat.Interval + TimeSpan.FromSeconds(1);

    public static bool IsAlive(NodeRow node, DateTimeOffset now) => now - node.SeenAt < Silence;

    public async Task<NodeBoardView> ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = await db.Database.SqlQuery<DateTimeOffset>($"select now() as \"Value\"").SingleAsync(cancellation);
        var queued = db.Runs.AsNoTracking().Where(run => run.State == RunState.Queued);
        return new NodeBoardView(
            now,
            await db.Nodes.AsNoTracking().OrderByDescending(node => node.SeenAt).ToListAsync(cancellation),
            await db.Runs.AsNoTracking().Where(run => run.State == RunState.Running || run.State == RunState.Recovering || run.State == RunState.Cancelling).OrderBy(run => run.StartedAt).ToListAsync(cancellation),
            // As RunQueue orders: a point of priority is a head start of a day.
            await queued.OrderBy(run => run.CreatedAt.AddDays(-run.Priority)).ThenBy(run => run.Id).Take(Shown).ToListAsync(cancellation),
            await queued.CountAsync(cancellation));
    }
}
