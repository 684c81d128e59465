using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests;

/// <summary>The real host in this process, on a free port, with a database and a storage folder of its own.</summary>
internal sealed class LabServer : IAsyncDisposable
{
    private readonly OpenFolder _storage;
    private readonly IHost _host;

    private LabServer(OpenFolder storage, IHost host, string connectionString)
    {
        (_storage, _host, ConnectionString) = (storage, host, connectionString);
        Client = new HttpClient { BaseAddress = new Uri(((WebApplication)host).Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Client { get; }

    public string ConnectionString { get; }

    public string Storage => _storage.Path;

    public IServiceProvider Services => _host.Services;

    /// <param name="postgres">Where its database is made.</param>
    /// <param name="roles">web, or web,train to train in this process.</param>
    /// <param name="change">Further options.</param>
    public static async Task<LabServer> StartAsync(PostgresFixture postgres, string roles, Func<ServerOptions, ServerOptions>? change = null)
    {
        var connection = await postgres.CreateDatabaseAsync();
        var storage = new OpenFolder();
        var options = new ServerOptions { Port = 0, Roles = roles, Workers = 0, Storage = storage.Path, NodeName = "test", Connection = connection };
        var host = Program.Build(change?.Invoke(options) ?? options, connection);
        await host.StartAsync();
        return new LabServer(storage, host, connection);
    }

    public Task<LabDb> DatabaseAsync() => Services.GetRequiredService<IDbContextFactory<LabDb>>().CreateDbContextAsync();

    /// <summary>Queues one run and gives its id.</summary>
    public Task<string> CreateRunAsync(string recipe, long seed = 1) => Client.CreateRunAsync(recipe, seed);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The runs that the job engine holds, by id.</summary>
    public async Task<List<string>> EngineAsync()
    {
        await using var db = await DatabaseAsync();
        return await db.Database.SqlQuery<string>($"select job_name::text as \"Value\" from qrtz_job_details order by job_name").ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _storage.Dispose();
    }
}
