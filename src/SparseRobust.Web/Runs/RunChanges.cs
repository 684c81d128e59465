using Npgsql;
using NpgsqlTypes;

namespace SparseRobust.Web.Runs;

/// <summary>Runs that are not as a reader saw them, and from when on the reader is now up to date.</summary>
public sealed record ChangedRuns(string Mark, IReadOnlyList<RunStatus> Items);

/// <summary>Tells which runs have changed since a list of them was read.</summary>
internal sealed class RunChanges(NpgsqlDataSource database)
{
    // A mark is a snapshot, not a time or a number: those would pass over a change whose transaction was open when the list was read.
    // Visible now leaves out what a restored database brought from another cluster, whose transactions count differently.
    internal const string Sql = """
        select id, state, stage, step, total_steps, last_sequence, cardinality(rewinds), pg_current_snapshot()::text
        from runs
        where changed_in >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(changed_in, $1::pg_snapshot) and pg_visible_in_snapshot(changed_in, pg_current_snapshot())
        """;

    /// <summary>Now. Ask before reading the list: what changes in between is then told twice, not missed.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select pg_current_snapshot()::text");
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<ChangedRuns> SinceAsync(string mark, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = mark, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<RunStatus>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(new RunStatus(reader.GetString(0), reader.GetString(1), await OrNullAsync<string>(2), await OrNullAsync<int?>(3), await OrNullAsync<int?>(4), reader.GetInt64(5), reader.GetInt32(6)));
            mark = reader.GetString(7);
        }
        return new ChangedRuns(mark, items);

        async Task<T?> OrNullAsync<T>(int column) => await reader.IsDBNullAsync(column, cancellation) ? default : await reader.GetFieldValueAsync<T>(column, cancellation);
    }
}
