using System.Collections.Immutable;
using System.Globalization;

namespace SparseRobust.Web.Hosting;

/// <summary>One run of the postgres program on the cluster, from start to readiness.</summary>
internal sealed class PostgresInstance(PostgresFolder folder, PostgresBinaries binaries, PostgresLog log)
{
    private const long SmallSharedMemory = 256L << 20;

    /// <summary>Starts it and waits until it is ready. Null when it could not have the port.</summary>
    /// <remarks>
    /// Its own words tell (in English: lc_messages=C). Asking on the port would hang for a while when a stranger has it, accepts and says nothing,
    /// and a recovery from a crash may take as long as it takes.
    /// </remarks>
    /// <exception cref="HostingException">It ended before it was ready.</exception>
    public async Task<ChildProcess?> TryStartAsync(int port, CancellationToken cancellation)
    {
        var portTaken = false;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.TakeLast();
        var server = await ChildProcess.StartAsync(Start(port), line =>
        {
            log.Add(line);
            if (line.Contains("could not bind", StringComparison.Ordinal)) portTaken = true;
            if (line.Contains("ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult();
        });
        try
        {
            await Task.WhenAny(ready.Task, server.Exit).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(server);
            throw;
        }

        if (ready.Task.IsCompleted) return server;
        var code = await server.Exit;
        if (portTaken) return null;
        throw HostingException.Database($"PostgreSQL on '{folder.Cluster}' ended at its start with exit code {code}: {log.TakeLast()}. Its words are in '{folder.Log}'.");
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
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=150", "shared_buffers=128MB", "fsync=on", "synchronous_commit=on",
            "log_destination=stderr", "logging_collector=off", "lc_messages=C", "timezone=UTC", "log_timezone=UTC", "cluster_name=sparserobust",
            .. sharedMemoryBytes < SmallSharedMemory ? (string[])["dynamic_shared_memory_type=mmap"] : [],
        ];
        return ["-D", cluster, "-p", port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    private ChildProcessStart Start(int port) => new(binaries.Server, Arguments(folder.Cluster, port, SharedMemoryBytes()))
    {
        Account = PostgresAccount.Name,
        DeathSignal = UnixSignal.Interrupt,
        Environment = PostgresCluster.CleanEnvironment,
        WorkingDirectory = folder.Path,
    };

    private static long SharedMemoryBytes() => Directory.Exists("/dev/shm") ? new DriveInfo("/dev/shm").TotalSize : 0;
}
