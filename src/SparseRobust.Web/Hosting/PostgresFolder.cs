using System.Security.Cryptography;
using System.Text;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Hosting;

/// <summary>The files of the server's own PostgreSQL inside its data folder.</summary>
internal sealed class PostgresFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Traversable = OwnerOnly | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    public string Cluster => Inside("postgres");

    /// <summary>A cluster in the making. It gets its name when it is whole, so a killed first start leaves nothing that looks like a database.</summary>
    public string NewCluster => Inside("postgres.tmp");

    public string Password => Inside("postgres.password");

    public string Log => Inside("postgres.log");

    public string Lock => Inside("owner.lock");

    /// <summary>The major version that made the cluster, or null when there is none yet.</summary>
    public int? Version()
    {
        var file = System.IO.Path.Combine(Cluster, "PG_VERSION");
        try
        {
            return File.Exists(file) || Directory.Exists(Cluster) ? ParseVersion(File.ReadAllText(file).Trim()) : null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw HostingException.Database($"The database in '{Cluster}' belongs to another user. Start the server as the user who made it (root, if it was started with sudo), or choose another data folder.", exception);
        }
        catch (IOException exception)
        {
            throw HostingException.Database($"'{Cluster}' is not a PostgreSQL cluster: its PG_VERSION cannot be read. Move that folder away, or choose another data folder.", exception);
        }
    }

    /// <summary>Makes the data folder, so that others may pass through it but only read what is theirs.</summary>
    public void Create()
    {
        try
        {
            CreateTraversable(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw HostingException.Database($"The data folder '{Path}' cannot be made: {exception.Message} Choose another one, or make it writable.", exception);
        }
    }

    /// <summary>Takes the folder for this process, until disposed or until the process dies.</summary>
    public ProcessLock TakeOwnership()
    {
        try
        {
            return ProcessLock.TryTake(Lock) ?? throw HostingException.Database(
                $"The data folder '{Path}' is in use by another server ({ProcessLock.OwnerOf(Lock)}). Stop that one, or give this one another data folder.");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw HostingException.Database($"The data folder '{Path}' cannot be written by this user. Start the server as the user who made it, or choose another data folder.", exception);
        }
    }

    public string WritePassword()
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        File.Delete(Password);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(Password, options);
        stream.Write(Encoding.ASCII.GetBytes(password));
        stream.Flush(flushToDisk: true);
        return password;
    }

    public string ReadPassword()
    {
        try
        {
            return File.ReadAllText(Password).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw HostingException.Database($"The password of the database cannot be read from '{Password}': {exception.Message} Put the file back, or move '{Cluster}' away to begin with an empty database.", exception);
        }
    }

    private string Inside(string name) => System.IO.Path.Combine(Path, name);

    private int ParseVersion(string text) => int.TryParse(text.Split('.')[0], out var version)
        ? version
        : throw HostingException.Database($"'{Cluster}' is not a PostgreSQL cluster: its PG_VERSION says '{text}'. Move that folder away, or choose another data folder.");

    private static void CreateTraversable(string path)
    {
        if (Directory.Exists(path)) return;
        if (System.IO.Path.GetDirectoryName(path) is { } parent) CreateTraversable(parent);
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Traversable); // whatever the umask takes away
    }
}
