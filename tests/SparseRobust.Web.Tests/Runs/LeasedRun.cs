using Microsoft.EntityFrameworkCore;
using Npgsql;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A run in a database of its own, an attempt at it, and its journal.</summary>
internal sealed class LeasedRun : IAsyncDisposable
{
    public const string Id = "run-1";

    private readonly OpenFolder _folder = new();

    private LeasedRun(string connectionString, NpgsqlDataSource database, RunLease lease) => (ConnectionString, Database, Lease) = (connectionString, database, lease);

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public RunLease Lease { get; }

    public string JournalPath => _folder.Inside("events.jsonl");

    public RunEventStore Store => new(Database);

    public static async Task<LeasedRun> StartAsync(PostgresFixture postgres)
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using (var db = new LabDb(new DbContextOptionsBuilder<LabDb>().UseNpgsql(connection).Options))
            await db.Database.MigrateAsync();
        var database = NpgsqlDataSource.Create(connection);
        await using var insert = database.CreateCommand($"insert into runs (id, recipe_hash, seed, rerun, recipe, task, model, paradigm, tags, priority, state, created_at, lease_epoch, last_sequence, imported) values ('{Id}', 'h', 1, 0, '{{}}', 't', 'm', 'p', array[]::text[], 0, 'queued', now(), 0, 0, false)");
        await insert.ExecuteNonQueryAsync();
        return new LeasedRun(connection, database, (await RunLease.TakeAsync(database, Id, "test", CancellationToken.None))!);
    }

    public static StepMeasured Loss(int step) => new("fine-tune", step, 10_000, new Dictionary<string, double> { ["train/loss"] = 1.0 / (step + 1), ["train/grad_norm"] = step });

    /// <summary>The rows that readers see: sequence and run_step of each event, then the loss of each point.</summary>
    public async Task<(List<long> Sequences, List<double> Losses, long Last)> ReadAsync()
    {
        await using var sequences = Database.CreateCommand("select coalesce(array_agg(sequence order by sequence), '{}') from run_events");
        await using var losses = Database.CreateCommand("select coalesce(array_agg(value order by sequence), '{}') from metric_points where series = 'train/loss'");
        await using var last = Database.CreateCommand("select last_sequence from runs");
        return ([.. (long[])(await sequences.ExecuteScalarAsync())!], [.. (double[])(await losses.ExecuteScalarAsync())!], (long)(await last.ExecuteScalarAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
