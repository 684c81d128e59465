using Microsoft.Extensions.Logging.Abstractions;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunEventPumpTests(PostgresFixture postgres)
{
    private static void Train(LeasedRun run, RunEventPump pump, int steps)
    {
        using var journal = RunJournal.Open(run.JournalPath, TimeProvider.System, pump);
        journal.Append(new StageStarted("fine-tune", "a", 0, 10_000));
        for (var step = 1; step < steps; step++)
            journal.Append(LeasedRun.Loss(step));
    }

    private static async Task RequireWholeAsync(LeasedRun run, int events)
    {
        var (sequences, losses, last) = await run.ReadAsync();
        Assert.Equal(Enumerable.Range(1, events).Select(i => (long)i), sequences);
        Assert.Equal(Enumerable.Range(1, events - 1).Select(step => 1.0 / (step + 1)), losses);
        Assert.Equal(events, last);
    }

    [PostgresFact]
    public async Task What_the_channel_cannot_hold_is_read_from_the_journal()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        var pump = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance) { Capacity = 3 };
        var pumping = pump.RunAsync(CancellationToken.None);
        Train(run, pump, 2_000);
        pump.Complete();
        Assert.True(await pumping);
        await RequireWholeAsync(run, 2_000);
    }

    [PostgresFact]
    public async Task A_database_that_breaks_off_again_and_again_loses_nothing()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        var pump = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance);
        var pumping = pump.RunAsync(CancellationToken.None);
        using (var journal = RunJournal.Open(run.JournalPath, TimeProvider.System, pump))
        {
            journal.Append(new StageStarted("fine-tune", "a", 0, 10_000));
            for (var step = 1; step < 600; step++)
            {
                journal.Append(LeasedRun.Loss(step));
                if (step % 100 == 0)
                    await BreakAsync(run);
            }
        }
        pump.Complete();
        Assert.True(await pumping);
        await RequireWholeAsync(run, 600);
    }

    [PostgresFact]
    public async Task A_new_attempt_takes_back_what_it_does_again()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        var first = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance);
        var pumping = first.RunAsync(CancellationToken.None);
        Train(run, first, 50);
        first.Complete();
        Assert.True(await pumping);
        var second = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance);
        pumping = second.RunAsync(CancellationToken.None);
        using (var journal = RunJournal.Open(run.JournalPath, TimeProvider.System, second))
        {
            journal.TruncateTo(20);
            for (var step = 20; step < 30; step++)
                journal.Append(LeasedRun.Loss(step));
        }
        second.Complete();
        Assert.True(await pumping);
        await RequireWholeAsync(run, 30);
    }

    [PostgresFact]
    public async Task An_attempt_without_events_brings_what_the_one_before_could_not()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Train(run, new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance), 40);
        var second = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance);
        second.Complete();
        Assert.True(await second.RunAsync(CancellationToken.None));
        await RequireWholeAsync(run, 40);
    }

    [PostgresFact]
    public async Task With_a_lost_lease_it_says_so_and_stops()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Assert.NotNull(await RunLease.TakeAsync(run.Database, LeasedRun.Id, "other", CancellationToken.None));
        var pump = new RunEventPump(run.Store, run.Lease, run.JournalPath, NullLogger.Instance);
        var pumping = pump.RunAsync(CancellationToken.None);
        Train(run, pump, 10);
        Assert.False(await pumping);
        Assert.Empty((await run.ReadAsync()).Sequences);
    }

    private static async Task BreakAsync(LeasedRun run)
    {
        for (var i = 0; i < 10; i++)
        {
            await using var connection = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(run.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var terminate = new Npgsql.NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
            await terminate.ExecuteNonQueryAsync();
            await Task.Delay(30);
        }
    }
}
