using Npgsql;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>Keeps the table true when a worker cannot: a run whose lease is silent is shown as recovering, one asked to cancel that nobody works on is cancelled, and what is due is in the queue.</summary>
internal sealed class RunWatch(NpgsqlDataSource database, RunQueue queue, ServerOptions options, ILogger<RunWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const string Sql = $"""
        with stale as (
          update runs set state = 'recovering' where state = 'running' and lease_renewed_at < now() - $1 returning id),
        dropped as (
          update runs set state = 'cancelled', finished_at = now(), lease_epoch = lease_epoch + 1 where state = 'cancelling' and (lease_renewed_at is null or lease_renewed_at < now() - $1) returning id),
        ended as (
          update attempts set ended_at = now(), reason = 'lost' from dropped where run_id = dropped.id and ended_at is null)
        select {RunLease.Notify} from (select id from stale union all select id from dropped) changed
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await using var command = database.CreateCommand(Sql);
                command.Parameters.AddWithValue(options.LeaseSilence);
                await command.ExecuteNonQueryAsync(stoppingToken);
                await queue.ReconcileAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Watching over the runs: {Message}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
