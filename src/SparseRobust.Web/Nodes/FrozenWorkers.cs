using System.Collections.Concurrent;
using Npgsql;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Nodes;

/// <summary>Whether a local worker lives but is silent. Asked twice before it is believed: just after the database was away everybody's last word is old.</summary>
internal sealed class FrozenWorkers(NpgsqlDataSource database)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<int, bool> _wasSilent = new();

    public async Task<bool> IsFrozenAsync(int index, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select seen_at < now() - $2 from nodes where id = $1");
        command.Parameters.AddWithValue(WorkerCommand.NodeName(index));
        command.Parameters.AddWithValue(Silence);
        var silent = await command.ExecuteScalarAsync(cancellation) is true;
        var before = _wasSilent.GetValueOrDefault(index);
        _wasSilent[index] = silent && !before;
        return silent && before;
    }
}
