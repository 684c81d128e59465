using Npgsql;
using NpgsqlTypes;

namespace SparseRobust.Web.Runs;

/// <summary>Puts journalled events into the tables that readers see. Under the lease, all or nothing, and harmless when repeated.</summary>
internal sealed class RunEventStore(NpgsqlDataSource database)
{
    private const string MakeStaging = """
        create temporary table staged_events (like run_events) on commit drop;
        create temporary table staged_points (like metric_points) on commit drop;
        """;

    private const string MoveStaged = """
        insert into run_events select * from staged_events on conflict do nothing;
        insert into metric_points select * from staged_points on conflict do nothing;
        """;

    private const string CopyEvents = "copy staged_events (run_id, sequence, kind, time, body) from stdin (format binary)";

    private const string CopyPoints = "copy staged_points (run_id, sequence, series, stage, step, value, time) from stdin (format binary)";

    private const string MoveRunOn = $"""
        update runs set last_sequence = $2, stage = coalesce($3, stage), step = coalesce($4, step), total_steps = coalesce($5, total_steps),
          state = case when state = 'recovering' then 'running' else state end, problem_code = null, problem_message = null
        where id = $1;
        """;

    private const string Tell = $"select pg_notify('{RunWatchers.Channel}', $1)";

    /// <summary>Sequence of the last event in the table; 0 for none.</summary>
    public async Task<long> LastSequenceAsync(string runId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select coalesce(max(sequence), 0) from run_events where run_id = $1");
        command.Parameters.AddWithValue(runId);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Forgets events that a new attempt has taken back from the journal and will do again; false when the lease was lost.</summary>
    public Task<bool> RewindAsync(RunLease lease, long keep, CancellationToken cancellation) => UnderLeaseAsync(lease, async transaction =>
    {
        await using var command = Command("delete from metric_points where run_id = @run and sequence > @keep; delete from run_events where run_id = @run and sequence > @keep; update runs set last_sequence = @keep, rewinds = rewinds || @keep where id = @run;", transaction);
        command.Parameters.AddWithValue("run", lease.RunId);
        command.Parameters.AddWithValue("keep", keep);
        await command.ExecuteNonQueryAsync(cancellation);
        await TellAsync(transaction, lease.RunId, cancellation);
    }, cancellation);

    /// <summary>Adds events that follow one another; false when the lease was lost, and then nothing has changed.</summary>
    public Task<bool> StoreAsync(RunLease lease, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellation) =>
        UnderLeaseAsync(lease, transaction => StoreAsync(transaction, lease.RunId, events, cancellation), cancellation);

    /// <summary>The same for a caller with a transaction of its own that nobody else writes for this run in, such as an import. Once a transaction.</summary>
    public static async Task StoreAsync(NpgsqlTransaction transaction, string runId, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellation)
    {
        await ExecuteAsync(MakeStaging, transaction, cancellation);
        await CopyEventsAsync(transaction.Connection!, runId, events, cancellation);
        await CopyPointsAsync(transaction.Connection!, runId, events, cancellation);
        await ExecuteAsync(MoveStaged, transaction, cancellation);
        await MoveRunOnAsync(transaction, runId, events, cancellation);
        await TellAsync(transaction, runId, cancellation);
    }

    private async Task<bool> UnderLeaseAsync(RunLease lease, Func<NpgsqlTransaction, Task> write, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await lease.GuardAsync(connection, transaction, cancellation))
            return false;
        await write(transaction);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task CopyEventsAsync(NpgsqlConnection connection, string runId, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(CopyEvents, cancellation);
        foreach (var e in events)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(runId, NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(e.Event.Sequence, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(e.Kind, NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(e.Event.Time.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync(e.Body, NpgsqlDbType.Jsonb, cancellation);
        }
        await writer.CompleteAsync(cancellation);
    }

    private static async Task CopyPointsAsync(NpgsqlConnection connection, string runId, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(CopyPoints, cancellation);
        foreach (var e in events.Where(e => e.RunStep is not null))
        {
            foreach (var (series, value) in e.Points)
            {
                await writer.StartRowAsync(cancellation);
                await writer.WriteAsync(runId, NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(e.Event.Sequence, NpgsqlDbType.Bigint, cancellation);
                await writer.WriteAsync(series, NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(e.Stage!, NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(e.RunStep!.Value, NpgsqlDbType.Integer, cancellation);
                await writer.WriteAsync(value, NpgsqlDbType.Double, cancellation);
                await writer.WriteAsync(e.Event.Time.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            }
        }
        await writer.CompleteAsync(cancellation);
    }

    private static async Task MoveRunOnAsync(NpgsqlTransaction transaction, string runId, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellation)
    {
        await using var command = Command(MoveRunOn, transaction);
        command.Parameters.AddWithValue(runId);
        command.Parameters.AddWithValue(events[^1].Event.Sequence);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)events.LastOrDefault(e => e.Stage is not null)?.Stage ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)events.LastOrDefault(e => e.RunStep is not null)?.RunStep ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)events[^1].RunSteps ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task TellAsync(NpgsqlTransaction transaction, string runId, CancellationToken cancellation)
    {
        await using var command = Command(Tell, transaction);
        command.Parameters.AddWithValue(runId);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(string sql, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = Command(sql, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(string sql, NpgsqlTransaction transaction) => new(sql, transaction.Connection, transaction);
}
