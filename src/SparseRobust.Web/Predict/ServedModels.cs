using System.Collections.Concurrent;
using Npgsql;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Predict;

/// <summary>A model that a name leads to.</summary>
/// <param name="Id">The stage's hash.</param>
/// <param name="RecipeHash">Of the run that recorded it first.</param>
/// <param name="Seed">Of that run.</param>
/// <param name="Task">What it was trained for.</param>
/// <param name="Folder">Where it lies, absolute.</param>
internal sealed record ServedModel(string Id, string RecipeHash, long Seed, string Task, string Folder);

/// <summary>Finds models by alias, id or run. An answer holds for a second, so that a busy /predict does not ask the database each time; while the database is away the last answer stands.</summary>
internal sealed class ServedModels(NpgsqlDataSource database, Storage storage, TimeProvider time)
{
    private const string Find = """
        select m.id, m.recipe_hash, m.seed, m.task, s.folder from models m join stages s on s.hash = m.id
        where m.id = coalesce(
          (select model_id from aliases where alias = $1),
          (select id from models where id = $1),
          (select r.stage_hash from run_stages r join models o on o.id = r.stage_hash where r.run_id = $1 order by r.ordinal desc limit 1))
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ServedModel Model, long At)> _known = new(StringComparer.Ordinal);

    /// <param name="name">An alias, a model's id, or a run's id, which means its last model; null for the alias default.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Problem">ModelNotChosen when nothing is named and there is no default; NotFound when the name leads nowhere.</exception>
    public async Task<ServedModel> FindAsync(string? name, CancellationToken cancellation)
    {
        var key = name ?? AliasRow.Default;
        var isKnown = _known.TryGetValue(key, out var known);
        if (isKnown && time.GetElapsedTime(known.At) < Fresh)
            return known.Model;
        try
        {
            if (await ReadAsync(key, cancellation) is not { } found)
            {
                Forget(key);
                throw Missing(key);
            }
            _known[key] = (found, time.GetTimestamp());
            return found;
        }
        catch (Exception e) when (isKnown && DatabaseFault.Is(e))
        {
            return known.Model;
        }
    }

    /// <summary>After a change of an alias on this node; others see it within a second.</summary>
    public void Forget(string name) => _known.TryRemove(name, out _);

    private static Problem Missing(string name) => name == AliasRow.Default
        ? new Problem("ModelNotChosen", "No model is named and the alias \"default\" is not set. Name one in \"model\", or PUT /api/v1/models/aliases/default {\"model\": ID}. GET /api/v1/models lists them.")
        : new Problem("NotFound", $"\"{name}\" is no alias, no model and no run with a model. GET /api/v1/models lists the models.");

    private async Task<ServedModel?> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.AddWithValue(name);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new ServedModel(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), storage.Absolute(reader.GetString(4)))
            : null;
    }
}
