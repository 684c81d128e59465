using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Hosting;

/// <summary>A PostgreSQL of the server's own, on a free port of the loopback address. It is started again if it dies, on the same port, and dies with the server.</summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string SystemFolder = "/var/lib/sparserobust";
    private const int PortAttempts = 10;

    private readonly PostgresFolder _folder;
    private readonly ProcessLock _lock;
    private readonly PostgresLog _log;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private PostgresInstance _instance = null!;
    private ChildProcess _server = null!;
    private Task _supervision = Task.CompletedTask;
    private int _port;
    private string _password = "";
    private int _disposed;

    private EmbeddedPostgres(PostgresFolder folder, ProcessLock owned, ILogger logger)
    {
        _folder = folder;
        _lock = owned;
        _log = new PostgresLog(folder.Log);
        _logger = logger;
    }

    public string Database { get; } = "sparserobust";

    /// <summary>Stays valid until disposed. Allows 25 pooled connections, so that this process and a worker together stay below the server's 60.</summary>
    public string ConnectionString => Connection(Database, pooled: true);

    /// <summary>The postmaster's; another one after it died.</summary>
    public int ProcessId => Volatile.Read(ref _server).Id;

    /// <summary>How often it died and was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts PostgreSQL on the data folder, making the database at the first time.</summary>
    /// <exception cref="HostingException">It cannot run on this machine or in this folder.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellation)
    {
        if (!Path.IsPathFullyQualified(options.DataFolder))
            throw HostingException.Database($"The data folder '{options.DataFolder}' is not an absolute path. Give one that begins with a slash.");
        var folder = new PostgresFolder(options.DataFolder);
        folder.Create();
        PostgresAccount.RequireAccess(folder.Path);
        var postgres = new EmbeddedPostgres(folder, folder.TakeOwnership(), logger);
        try
        {
            await postgres.StartAsync(options, cancellation);
            return postgres;
        }
        catch (Exception exception)
        {
            await postgres.DisposeAsync();
            if (exception is Win32Exception or UnauthorizedAccessException or IOException)
                throw HostingException.Database($"PostgreSQL cannot be started in '{folder.Path}': {exception.Message}. Choose another data folder, or give the server a connection string to a PostgreSQL elsewhere.", exception);
            throw;
        }
    }

    /// <summary>Where the data lies when nobody says: in the checkout, unless PostgreSQL's user cannot get there (a clone in /root).</summary>
    public static string DefaultFolder(string checkout) => DefaultFolder(checkout, PostgresAccount.CanReach);

    internal static string DefaultFolder(string checkout, Func<string, bool> canReach)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkout));
        var data = Path.Combine(root, "data");
        return canReach(data) ? data : Path.Combine(SystemFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..12]);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync();
        await _supervision;
        if (_server is not null) await PostgresInstance.StopAsync(_server);
        _log.Dispose();
        _lock.Dispose();
        _stopping.Dispose();
    }

    private async Task StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellation)
    {
        var binaries = PostgresBinaries.Find(options.BinariesFolder, _folder.Version());
        var cluster = new PostgresCluster(_folder, binaries, _log, _logger);
        await cluster.StopLeftoverAsync(TimeProvider.System, cancellation);
        _password = await cluster.EnsureAsync(cancellation);
        _instance = new PostgresInstance(_folder, binaries, _log);
        _server = await StartOnPortAsync(options.Port, cancellation);
        _supervision = SuperviseAsync();
        await EnsureDatabaseAsync(cancellation);
        _logger.LogInformation("PostgreSQL {Version} runs in '{Folder}' on port {Port}", binaries.Version, _folder.Path, _port);
    }

    // A free port may be taken by somebody else before PostgreSQL binds it.
    private async Task<ChildProcess> StartOnPortAsync(int? wanted, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < PortAttempts; attempt++)
        {
            _port = wanted ?? FreePort();
            if (await _instance.TryStartAsync(_port, cancellation) is { } server) return server;
            if (wanted is not null)
                throw HostingException.Database($"Port {_port} of 127.0.0.1, wanted for PostgreSQL, is taken. Choose another one, or leave it out to take a free one.");
        }

        throw HostingException.Database($"PostgreSQL found no free port on 127.0.0.1 in {PortAttempts} attempts. Name a free one.");
    }

    private async Task SuperviseAsync()
    {
        var delay = new RestartDelay(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await ((Task)_server.Exit).WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested) return;
            _logger.LogError("PostgreSQL ended; starting it again. Its words are in '{Log}'", _folder.Log);
            await Task.Delay(delay.After(TimeProvider.System.GetElapsedTime(started)), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested) return;
            started = TimeProvider.System.GetTimestamp();
            await RestartAsync();
        }
    }

    // After kill -9 the new postmaster is refused until the last process of the old one has noticed, so failing is part of it.
    private async Task RestartAsync()
    {
        try
        {
            if (await _instance.TryStartAsync(_port, _stopping.Token) is not { } server)
            {
                _logger.LogError("PostgreSQL cannot come back: its port {Port} is taken by another program", _port);
                return;
            }

            Volatile.Write(ref _server, server);
            Restarts++;
            _logger.LogWarning("PostgreSQL runs again on port {Port}", _port);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            _logger.LogInformation("PostgreSQL is not started again: the server stops");
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "PostgreSQL did not start again");
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres", pooled: false));
        try
        {
            await connection.OpenAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw HostingException.Database($"PostgreSQL does not accept the password in '{_folder.Password}'. Put the right one back, or move '{_folder.Cluster}' away to begin with an empty database.", exception);
        }
        catch (NpgsqlException exception)
        {
            throw HostingException.Database($"PostgreSQL on '{_folder.Cluster}' is ready but cannot be reached on port {_port}: {exception.Message}. Its words are in '{_folder.Log}'.", exception);
        }

        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = Database } } };
        if (await find.ExecuteScalarAsync(cancellation) is not null) return;
        await using var create = new NpgsqlCommand($"create database {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    private string Connection(string database, bool pooled) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = PostgresCluster.Superuser,
        Password = _password,
        Database = database,
        ApplicationName = "sparserobust",
        Pooling = pooled,
        MaxPoolSize = 25,
        Timeout = 15,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        RequireAuth = "ScramSHA256", // never the password itself, in case somebody else has taken the port
    }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
