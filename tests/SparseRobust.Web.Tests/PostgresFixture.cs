using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Tests.Hosting;
using SparseRobust.Web.Tests.Runs;

namespace SparseRobust.Web.Tests;

/// <summary>One PostgreSQL for all tests that name the collection, a database for each who asks, and two servers that tests may share.</summary>
public sealed class PostgresFixture : IAsyncLifetime, IDisposable
{
    private readonly OpenFolder _folder = new();
    private readonly Lazy<Task<LabServer>> _idle;
    private readonly Lazy<Task<LabServer>> _trained;
    private readonly Dictionary<string, (IReadOnlyList<string>, IReadOnlyList<string>)> _undisturbed = [];
    private EmbeddedPostgres _postgres = null!;
    private int _databases;

    public PostgresFixture()
    {
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
        // The sums of a training depend on the number of threads, and tests compare this process with others.
        Environment.SetEnvironmentVariable("SPARSEROBUST_THREADS", "1");
        // What a developer keeps in folders of his own is no part of these tests.
        Environment.SetEnvironmentVariable(DatasetFolders.Variable, null);
        _idle = new(() => LabServer.StartAsync(this, "web"));
        _trained = new(StartTrainedAsync);
    }

    internal EmbeddedPostgres Postgres => _postgres;

    /// <summary>A server without workers: what is queued stays queued. Shared, so find only what you made.</summary>
    internal Task<LabServer> IdleServerAsync() => _idle.Value;

    /// <summary>A server that trains in this process and has finished <see cref="TinyRecipe.Quick"/> with seed 1. Shared.</summary>
    internal Task<LabServer> TrainedServerAsync() => _trained.Value;

    /// <summary>Tensor files and points of a recipe that was trained in this process, seed 1, with nothing in its way.</summary>
    internal async Task<(IReadOnlyList<string> Tensors, IReadOnlyList<string> Points)> UndisturbedAsync(string recipe)
    {
        if (_undisturbed.TryGetValue(recipe, out var known))
            return known;
        await using var server = await LabServer.StartAsync(this, "web,train");
        var runId = await server.CreateRunAsync(recipe);
        await server.Client.StateAsync(runId, "succeeded");
        return _undisturbed[recipe] = (RunFiles.Tensors(server.Storage), RunFiles.Points(await server.Client.EventsAsync(runId)));
    }

    public async Task InitializeAsync() => _postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(_folder.Path), NullLogger.Instance, CancellationToken.None);

    /// <summary>Connection string of a new, empty database.</summary>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name, MaxPoolSize = 12, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 1 }.ConnectionString;
    }

    public async Task DisposeAsync()
    {
        foreach (var server in new[] { _idle, _trained }.Where(server => server.IsValueCreated))
            await (await server.Value).DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
    }

    /// <summary>Called after <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => _folder.Dispose();

    private async Task<LabServer> StartTrainedAsync()
    {
        var server = await LabServer.StartAsync(this, "web,train");
        var runId = await server.CreateRunAsync(TinyRecipe.Quick);
        await server.Client.StateAsync(runId, "succeeded");
        return server;
    }
}

/// <summary>The tests that share <see cref="PostgresFixture"/>; they run one after the other, as training in one process must.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
