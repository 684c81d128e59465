using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Benchmarks;

/// <summary>A private PostgreSQL in a temporary folder, migrated, as the server keeps it.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly string _folder;
    private readonly EmbeddedPostgres _postgres;

    private BenchmarkDatabase(string folder, EmbeddedPostgres postgres)
    {
        (_folder, _postgres) = (folder, postgres);
        Source = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public NpgsqlDataSource Source { get; }

    public string ConnectionString => _postgres.ConnectionString;

    public LabDb Context() => new(new DbContextOptionsBuilder<LabDb>().UseNpgsql(Source).Options);

    public static async Task<BenchmarkDatabase> StartAsync()
    {
        // Not a private temporary folder: the postgres account must reach it.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"sparserobust-benchmark-{Guid.NewGuid():N}")).FullName;
        var database = new BenchmarkDatabase(folder, await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(folder), NullLogger.Instance, CancellationToken.None));
        await using var db = database.Context();
        await db.Database.MigrateAsync();
        return database;
    }

    /// <summary>A run that an attempt is working on.</summary>
    public async Task<RunLease> RunAsync(string id)
    {
        await using var db = Context();
        db.Runs.Add(new RunRow { Id = id, RecipeHash = id, Seed = 1, Recipe = "{}", Task = "shortcut-nli", Model = "bert", Paradigm = "full-model", State = RunState.Queued, CreatedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync();
        return (await RunLease.TakeAsync(Source, id, "benchmark", CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
