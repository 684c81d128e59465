using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunLeaseTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task A_renewal_that_comes_after_the_attempts_end_revives_nothing()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        Assert.True(await run.Lease.EndAsync(new AttemptEnd(RunState.Recovering, "shutdown"), CancellationToken.None));

        await run.Lease.RenewAsync(CancellationToken.None);

        Assert.Equal("recovering, given back", await StateAsync(run));
    }

    [PostgresFact]
    public async Task A_renewal_brings_back_a_run_whose_worker_was_silent_and_was_not_replaced()
    {
        await using var run = await LeasedRun.StartAsync(postgres);
        await using (var silent = run.Database.CreateCommand("update runs set state = 'recovering'"))
            await silent.ExecuteNonQueryAsync();

        Assert.Equal(LeaseState.Held, await run.Lease.RenewAsync(CancellationToken.None));

        Assert.Equal("running, held", await StateAsync(run));
    }

    private static async Task<string> StateAsync(LeasedRun run)
    {
        await using var command = run.Database.CreateCommand("select state || case when lease_renewed_at is null then ', given back' else ', held' end from runs");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
