using System.Collections.Immutable;
using System.Globalization;

namespace SparseRobust.Web.Hosting;

/// <summary>The database files: makes them, checks that they fit, and stops what a dead server has left running on them.</summary>
internal sealed class PostgresCluster(PostgresFolder folder, PostgresBinaries binaries, PostgresLog log, ILogger logger)
{
    public const string Superuser = "sparserobust";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>C messages in UTF-8 whatever the machine's language is, and no settings from a stray PG variable.</summary>
    public static ImmutableDictionary<string, string?> CleanEnvironment => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal))
        .ToImmutableDictionary(name => name, _ => (string?)null)
        .SetItem("LC_ALL", "C.UTF-8");

    /// <summary>Makes the cluster if there is none. Returns the superuser's password.</summary>
    public async Task<string> EnsureAsync(CancellationToken cancellation)
    {
        if (folder.Version() is not { } version) return await MakeAsync(cancellation);
        if (version != binaries.Version)
            throw HostingException.Database($"The database in '{folder.Cluster}' was made by PostgreSQL {version}, and '{binaries.Folder}' is PostgreSQL {binaries.Version}. Install postgresql-{version}, or move the data to the new version with pg_dumpall or pg_upgrade.");
        PostgresAccount.Give(folder.Cluster);
        return folder.ReadPassword();
    }

    /// <summary>Stops a postmaster that still runs on this cluster. We hold the folder's lock, so it has no living owner.</summary>
    public async Task StopLeftoverAsync(TimeProvider time, CancellationToken cancellation)
    {
        if (Leftover() is not { } processId) return;
        logger.LogWarning("Stopping PostgreSQL process {ProcessId}, left on '{Cluster}' by a server that was killed", processId, folder.Cluster);
        foreach (var signal in (UnixSignal[])[UnixSignal.Interrupt, UnixSignal.Quit, UnixSignal.Kill])
        {
            ChildProcess.Signal(processId, signal);
            var asked = time.GetTimestamp();
            while (time.GetElapsedTime(asked) < Patience)
            {
                if (Leftover() != processId) return;
                await Task.Delay(Poll, time, cancellation);
            }
        }

        throw HostingException.Database($"PostgreSQL process {processId} runs on '{folder.Cluster}' and cannot be stopped. Stop it, or choose another data folder.");
    }

    /// <summary>The process named in postmaster.pid, if it is a PostgreSQL on this very folder: after a reboot its number may be anybody's.</summary>
    private int? Leftover()
    {
        var file = Path.Combine(folder.Cluster, "postmaster.pid");
        try
        {
            if (!int.TryParse(File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var processId)) return null;
            var arguments = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            if (arguments.Contains(folder.Cluster)) return processId;
            // PostgreSQL itself would take any process of its user for its predecessor, and numbers are soon used again in a container.
            File.Delete(file);
            return null;
        }
        catch (IOException)
        {
            return null; // no such file, or no such process
        }
    }

    private async Task<string> MakeAsync(CancellationToken cancellation)
    {
        logger.LogInformation("Making a PostgreSQL {Version} database in '{Cluster}'", binaries.Version, folder.Cluster);
        if (Directory.Exists(folder.NewCluster)) Directory.Delete(folder.NewCluster, recursive: true);
        Directory.CreateDirectory(folder.NewCluster);
        var password = folder.WritePassword();
        PostgresAccount.Give(folder.NewCluster);
        PostgresAccount.Give(folder.Password);
        var initdb = await ChildProcess.StartAsync(Initdb(), log.Add);
        await using (cancellation.Register(() => initdb.Signal(UnixSignal.Kill)))
        {
            var code = await initdb.Exit;
            cancellation.ThrowIfCancellationRequested();
            if (code != 0) throw HostingException.Database($"initdb could not make a database in '{folder.NewCluster}' (exit code {code}): {log.TakeLast()}. Its words are in '{folder.Log}'.");
        }

        Directory.Move(folder.NewCluster, folder.Cluster);
        return password;
    }

    private ChildProcessStart Initdb() => new(binaries.Initdb,
        ["-D", folder.NewCluster, "-U", Superuser, $"--pwfile={folder.Password}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"])
    {
        Account = PostgresAccount.Name,
        Environment = CleanEnvironment,
        WorkingDirectory = folder.Path,
    };
}
