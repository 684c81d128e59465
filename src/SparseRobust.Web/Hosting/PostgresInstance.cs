using System.Collections.Immutable;
using System.Net.Sockets;
using Npgsql;

namespace SparseRobust.Web.Hosting;

/// <summary>One run of the postgres program on the cluster, from start to readiness.</summary>
internal sealed class PostgresInstance(PostgresFolder folder, PostgresBinaries binaries, PostgresLog log)
{
    private const long SmallSharedMemory = 256L << 20;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts it and waits until it answers. Null when it could not have the port.</summary>
    /// <exception cref="HostingException">It ended before it answered.</exception>
    public async Task<ChildProcess?> TryStartAsync(int port, string connectionString, CancellationToken cancellation)
    {
        var portTaken = false;
        log.TakeLast();
        var server = await ChildProcess.StartAsync(Start(port), line =>
        {
            if (line.Contains("could not bind", StringComparison.Ordinal)) portTaken = true;
            log.Add(line);
        });
        try
        {
            while (!server.HasExited)
            {
                if (await AnswersAsync(connectionString, cancellation)) return server;
                await Task.WhenAny(server.Exit, Task.Delay(Poll, cancellation));
                cancellation.ThrowIfCancellationRequested();
            }

            var code = await server.Exit;
            if (portTaken) return null;
            throw HostingException.Database($"PostgreSQL on '{folder.Cluster}' ended at its start with exit code {code}: {log.TakeLast()}. Its words are in '{folder.Log}'.");
        }
        catch
        {
            await StopAsync(server);
            throw;
        }
    }

    /// <summary>Ends it with a clean shutdown that does not wait for clients.</summary>
    public static async Task StopAsync(ChildProcess server)
    {
        foreach (var signal in (UnixSignal[])[UnixSignal.Interrupt, UnixSignal.Quit, UnixSignal.Kill])
        {
            server.Signal(signal);
            if (await server.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)) return;
        }
    }

    /// <summary>Dynamic shared memory goes to files where /dev/shm is as small as a container's.</summary>
    internal static ImmutableArray<string> Arguments(string cluster, int port, long sharedMemoryBytes)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "shared_buffers=128MB", "fsync=on", "synchronous_commit=on",
            "log_destination=stderr", "logging_collector=off", "lc_messages=C", "timezone=UTC", "log_timezone=UTC", "cluster_name=sparserobust",
            .. sharedMemoryBytes < SmallSharedMemory ? (string[])["dynamic_shared_memory_type=mmap"] : [],
        ];
        return ["-D", cluster, "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    private ChildProcessStart Start(int port) => new(binaries.Server, Arguments(folder.Cluster, port, SharedMemoryBytes()))
    {
        Account = PostgresAccount.Name,
        DeathSignal = UnixSignal.Interrupt,
        Environment = PostgresCluster.CleanEnvironment,
        WorkingDirectory = folder.Path,
    };

    private static long SharedMemoryBytes() => Directory.Exists("/dev/shm") ? new DriveInfo("/dev/shm").TotalSize : 0;

    // While it recovers from a crash it refuses politely, for as long as that takes.
    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw HostingException.Database("PostgreSQL does not accept the password that is kept beside its data. Put the right postgres.password back into the data folder, or move the data folder away to begin with an empty database.", exception);
        }
        catch (NpgsqlException exception) when (exception is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } || exception.InnerException is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }
}
