using Npgsql;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>This web node's one LISTEN connection: a notice wakes the streams and the hub groups that watch its run here.</summary>
internal sealed class RunEventListener(NpgsqlDataSource database, RunWatchers watchers, ILogger<RunEventListener> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseFault.Is(e))
            {
                logger.LogWarning("Live updates pause: {Message}", e.Message);
                await Task.Delay(Patience, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notification) => watchers.Notify(notification.Payload);
        await using (var command = new NpgsqlCommand($"listen {RunWatchers.Channel}", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        // What was said while nobody listened is lost, so everybody looks for himself.
        watchers.NotifyAll();
        while (true)
            await connection.WaitAsync(cancellation);
    }
}
