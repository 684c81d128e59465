using Npgsql;

namespace SparseRobust.Web.Runs;

/// <summary>Tells every web node that a run has changed.</summary>
internal sealed class RunNotifier(NpgsqlDataSource database)
{
    public async Task TellAsync(string runId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select pg_notify('{RunWatchers.Channel}', $1)");
        command.Parameters.AddWithValue(runId);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task TellAsync(string[] runIds, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {RunLease.Notify} from unnest($1) as id");
        command.Parameters.AddWithValue(runIds);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
