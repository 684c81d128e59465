using SparseRobust.Lab.Runs;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunEventStoreTests(PostgresFixture postgres)
{
    private static List<ProjectedEvent> Events(int from, int count)
    {
        var projection = new RunProjection();
        projection.Apply(new StageStarted("fine-tune", "a", 0, 10_000));
        return [.. Enumerable.Range(from, count).Select(i => projection.Apply(LeasedRun.Loss(i) with { Sequence = i, Time = DateTimeOffset.UnixEpoch }))];
    }

    [PostgresFact]
    public async Task Stored_again_events_are_there_once()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Assert.True(await run.Store.StoreAsync(run.Lease, Events(1, 10), CancellationToken.None));
        var once = await run.ReadAsync();
        Assert.True(await run.Store.StoreAsync(run.Lease, Events(1, 10), CancellationToken.None));
        Assert.True(await run.Store.StoreAsync(run.Lease, Events(8, 5), CancellationToken.None));
        var again = await run.ReadAsync();
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), once.Sequences);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), again.Sequences);
        Assert.Equal(once.Losses, again.Losses.Take(10));
        Assert.Equal(12, again.Last);
    }

    [PostgresFact]
    public async Task With_a_lost_lease_nothing_is_changed()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Assert.True(await run.Store.StoreAsync(run.Lease, Events(1, 10), CancellationToken.None));
        var second = (await RunLease.TakeAsync(run.Database, LeasedRun.Id, "other", CancellationToken.None))!;
        Assert.Equal(2, second.Epoch);
        Assert.False(await run.Store.StoreAsync(run.Lease, Events(11, 5), CancellationToken.None));
        Assert.False(await run.Store.RewindAsync(run.Lease, 3, CancellationToken.None));
        Assert.Equal(LeaseState.Lost, await run.Lease.RenewAsync(CancellationToken.None));
        Assert.False(await run.Lease.EndAsync(new AttemptEnd(RunState.Failed, "failed"), CancellationToken.None));
        var (sequences, losses, last) = await run.ReadAsync();
        Assert.Equal((10, 10, 10), (sequences.Count, losses.Count, (int)last));
        Assert.Equal(LeaseState.Held, await second.RenewAsync(CancellationToken.None));
        Assert.True(await second.EndAsync(new AttemptEnd(RunState.Succeeded, "succeeded"), CancellationToken.None));
        Assert.Null(await RunLease.TakeAsync(run.Database, LeasedRun.Id, "third", CancellationToken.None));
    }

    [PostgresFact]
    public async Task Rewound_the_tables_end_where_the_checkpoint_was()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Assert.True(await run.Store.StoreAsync(run.Lease, Events(1, 10), CancellationToken.None));
        Assert.True(await run.Store.RewindAsync(run.Lease, 4, CancellationToken.None));
        var (sequences, losses, last) = await run.ReadAsync();
        Assert.Equal([1, 2, 3, 4], sequences);
        Assert.Equal((4, 4), (losses.Count, (int)last));
        Assert.Equal(4, await run.Store.LastSequenceAsync(LeasedRun.Id, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_cancel_that_meets_a_shutdown_is_not_forgotten()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        await using var cancel = run.Database.CreateCommand("update runs set state = 'cancelling'");
        await cancel.ExecuteNonQueryAsync();
        Assert.True(await run.Lease.EndAsync(new AttemptEnd(RunState.Recovering, "shutdown"), CancellationToken.None));
        await using var state = run.Database.CreateCommand("select state from runs");
        Assert.Equal("cancelling", await state.ExecuteScalarAsync());
    }
}
