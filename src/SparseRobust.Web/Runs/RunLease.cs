using Npgsql;
using NpgsqlTypes;

namespace SparseRobust.Web.Runs;

/// <summary>What a renewal found.</summary>
internal enum LeaseState
{
    Held,
    CancelAsked,

    /// <summary>Another attempt has begun, or the run is gone: nothing this attempt writes counts any more.</summary>
    Lost,
}

/// <summary>The right of one attempt to write for a run: a fencing token, raised by each attempt, that every write names.</summary>
internal sealed class RunLease(NpgsqlDataSource database, string runId, long epoch)
{
    private static readonly string TakeSql = $"""
        with taken as (
          update runs set lease_epoch = lease_epoch + 1, lease_node = $2, lease_renewed_at = now(), started_at = coalesce(started_at, now()),
            state = case when state = 'cancelling' then state else 'running' end, problem_code = null, problem_message = null
          where id = $1 and state in ('queued', 'running', 'recovering', 'cancelling')
          returning id, lease_epoch),
        lost as (update attempts set ended_at = now(), reason = 'lost' from taken where run_id = taken.id and ended_at is null),
        begun as (insert into attempts (run_id, epoch, node, started_at) select id, lease_epoch, $2, now() from taken)
        select lease_epoch, {Notify} from taken
        """;

    // Somebody may ask to cancel while the node shuts down: then there is nothing to recover.
    private static readonly string EndSql = $"""
        with ended as (
          update runs set state = case when $3 = 'recovering' and state = 'cancelling' then state else $3 end, problem_code = $4, problem_message = $5, lease_node = null, lease_renewed_at = null,
            finished_at = case when $3 in ('succeeded', 'failed', 'cancelled') then now() end
          where id = $1 and lease_epoch = $2 returning id),
        attempt as (update attempts set ended_at = now(), reason = $6 from ended where run_id = ended.id and epoch = $2)
        select 1, {Notify} from ended
        """;

    // A worker that was silent so long that its run counts as recovering, and that nobody replaced, is simply back; unless it says
    // itself that it waits (problem_code), which its first event takes back. A renewal that comes after the attempt's own end finds
    // no node, and must not call running what was given back.
    private const string RenewSql = """
        update runs set lease_renewed_at = case when lease_node is not null then now() end,
          state = case when state = 'recovering' and lease_node is not null and problem_code is null then 'running' else state end
        where id = $1 and lease_epoch = $2 returning state
        """;

    /// <summary>A select item that tells every web node of the run's new state, at commit.</summary>
    public const string Notify = $"pg_notify('{RunWatchers.Channel}', id)";

    public string RunId { get; } = runId;

    public long Epoch { get; } = epoch;

    /// <summary>Begins an attempt; null when the run has ended or is gone.</summary>
    public static async Task<RunLease?> TakeAsync(NpgsqlDataSource database, string runId, string node, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(TakeSql);
        command.Parameters.AddWithValue(runId);
        command.Parameters.AddWithValue(node);
        return await command.ExecuteScalarAsync(cancellation) is long epoch ? new RunLease(database, runId, epoch) : null;
    }

    public async Task<LeaseState> RenewAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(RenewSql);
        command.Parameters.AddWithValue(RunId);
        command.Parameters.AddWithValue(Epoch);
        return await command.ExecuteScalarAsync(cancellation) switch
        {
            null => LeaseState.Lost,
            "cancelling" => LeaseState.CancelAsked,
            _ => LeaseState.Held,
        };
    }

    /// <summary>Ends the attempt in a state; false when the lease was lost, and then nothing has changed.</summary>
    /// <param name="end">The run's new state and why.</param>
    /// <param name="cancellation">Stops asking.</param>
    public async Task<bool> EndAsync(AttemptEnd end, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(EndSql);
        command.Parameters.AddWithValue(RunId);
        command.Parameters.AddWithValue(Epoch);
        command.Parameters.AddWithValue(end.State.Word());
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)end.ProblemCode ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)end.ProblemMessage ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(end.Reason);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Locks the run's row for the transaction; false when the lease was lost.</summary>
    public async Task<bool> GuardAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select 1 from runs where id = $1 and lease_epoch = $2 for no key update", connection, transaction);
        command.Parameters.AddWithValue(RunId);
        command.Parameters.AddWithValue(Epoch);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }
}

/// <summary>How an attempt ended.</summary>
/// <param name="State">The run's state from now on.</param>
/// <param name="Reason">succeeded, failed, cancelled or shutdown.</param>
/// <param name="ProblemCode">Of a failed run.</param>
/// <param name="ProblemMessage">Of a failed run: what, the value, what to do.</param>
internal sealed record AttemptEnd(RunState State, string Reason, string? ProblemCode = null, string? ProblemMessage = null);
