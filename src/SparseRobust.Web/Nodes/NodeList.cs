using Npgsql;

namespace SparseRobust.Web.Nodes;

/// <summary>The processes of ours on the database, and what each works on.</summary>
internal sealed class NodeList(NpgsqlDataSource database)
{
    /// <summary>Silent for longer, a node counts as gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // Heartbeats carry the database's clock, so that is the one to compare them with.
    private const string Sql = """
        select n.id, n.roles, n.host, n.process_id, n.device, n.engine, n.version, n.started_at, n.seen_at, n.seen_at > now() - $1,
          (select r.id from runs r where r.lease_node = n.id and r.state in ('running', 'cancelling', 'recovering') order by r.lease_renewed_at desc limit 1)
        from nodes n order by n.seen_at > now() - $1 desc, n.id
        """;

    /// <summary>The living first.</summary>
    public async Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(Silence);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var nodes = new List<NodeView>();
        while (await reader.ReadAsync(cancellation))
            nodes.Add(ViewOf(reader));
        return nodes;
    }

    private static NodeView ViewOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Roles = row.GetString(1).Split(',', StringSplitOptions.TrimEntries),
        Host = row.GetString(2),
        ProcessId = row.GetInt32(3),
        Device = row.GetString(4),
        Engine = row.IsDBNull(5) ? null : row.GetString(5),
        Version = row.GetString(6),
        StartedAt = row.GetFieldValue<DateTimeOffset>(7),
        SeenAt = row.GetFieldValue<DateTimeOffset>(8),
        IsAlive = row.GetBoolean(9),
        RunId = row.IsDBNull(10) ? null : row.GetString(10),
    };
}

/// <summary>A process of ours on the database.</summary>
public sealed record NodeView
{
    public required string Id { get; init; }

    /// <summary>web, train or both.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>cpu, or cuda:N.</summary>
    public required string Device { get; init; }

    /// <summary>LibTorch, BLAS and threads; absent for a node that does not compute.</summary>
    public string? Engine { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Whether it was seen within the last 15 seconds.</summary>
    public required bool IsAlive { get; init; }

    /// <summary>The run it works on.</summary>
    public string? RunId { get; init; }
}
