using Npgsql;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Nodes;

/// <summary>Says every few seconds that this process lives.</summary>
internal sealed class NodeHeartbeat(NpgsqlDataSource database, ServerOptions options, ILogger<NodeHeartbeat> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private const string Sql = """
        insert into nodes (id, roles, host, process_id, device, version, engine, started_at, seen_at) values ($1, $2, $3, $4, $5, $6, $7, now(), now())
        on conflict (id) do update set roles = $2, host = $3, device = $5, version = $6, engine = $7, seen_at = now(),
          started_at = case when nodes.process_id = $4 then nodes.started_at else now() end, process_id = $4
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var engine = options.IsTrain ? Engine.Report().Summary : "";
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await using var command = database.CreateCommand(Sql);
                foreach (var value in new object[] { options.NodeId, options.Roles, Environment.MachineName, Environment.ProcessId, options.Device, ProductVersion.Text, engine.Length > 0 ? engine : DBNull.Value })
                    command.Parameters.AddWithValue(value);
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseFault.Is(e))
            {
                logger.LogDebug("No heartbeat: {Message}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
