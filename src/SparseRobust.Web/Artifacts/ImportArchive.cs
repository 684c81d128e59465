using System.IO.Compression;
using System.Security.Cryptography;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Artifacts;

/// <summary>The zip of an import, distrusted: names are checked before anything is written, sizes while it is.</summary>
internal sealed class ImportArchive : IDisposable
{
    private const int MostEntries = 100_000;
    private const long MostBytes = 8L << 30;
    private const int KindOfFile = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _files;
    private long _written;

    private ImportArchive(ZipArchive zip, Dictionary<string, ZipArchiveEntry> files) => (_zip, _files) = (zip, files);

    /// <summary>Ids of the finished runs in it: those with a result.</summary>
    public IReadOnlyList<string> RunIds => [.. _files.Keys.Select(name => name.Split('/')).Where(parts => parts is ["runs", _, "result.json"]).Select(parts => parts[1]).Order(StringComparer.Ordinal)];

    /// <exception cref="Problem">ImportInvalid: it is no zip, or has a name that leads elsewhere, a link, or a name twice.</exception>
    public static ImportArchive Open(string path)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(path);
            return new ImportArchive(zip, FilesOf(zip));
        }
        catch (InvalidDataException e)
        {
            zip?.Dispose();
            throw Invalid("the archive", $"is not a whole zip file: {e.Message}");
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    public static Problem Invalid(string file, string message) => new("ImportInvalid", $"{file} {message}") { Faults = [new Fault(file, message)] };

    public bool Has(string name) => _files.ContainsKey(name);

    /// <summary>Writes a file below a folder and gives the SHA-256 of what was written.</summary>
    /// <exception cref="Problem">ImportInvalid: it is not there, is broken, or is more than it says.</exception>
    public async Task<string> ExtractAsync(string name, string root, CancellationToken cancellation)
    {
        if (!_files.TryGetValue(name, out var entry))
            throw Invalid(name, "is not in the archive.");
        if ((_written += entry.Length) > MostBytes)
            throw Invalid(name, $"would make the import larger than the {MostBytes >> 30} GiB that it may unpack to.");
        DurableFile.RequireFreeSpace(root, entry.Length, $"{name} of the import");
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return await CopyAsync(entry, path, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw Invalid(name, $"is broken in the archive: {e.Message}");
        }
    }

    public void Dispose() => _zip.Dispose();

    private static async Task<string> CopyAsync(ZipArchiveEntry entry, string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = await entry.OpenAsync(cancellation);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var buffer = new byte[1 << 16];
        int read;
        var left = entry.Length;
        while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            if ((left -= read) < 0)
                throw new InvalidDataException("it unpacks to more than its header says.");
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return left == 0 ? Convert.ToHexStringLower(hash.GetHashAndReset()) : throw new InvalidDataException("it unpacks to less than its header says.");
    }

    private static Dictionary<string, ZipArchiveEntry> FilesOf(ZipArchive zip)
    {
        if (zip.Entries.Count > MostEntries)
            throw Invalid("the archive", $"has {zip.Entries.Count} entries, more than {MostEntries}.");
        var files = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            RequirePlain(entry);
            if (!entry.FullName.EndsWith('/') && !files.TryAdd(entry.FullName, entry))
                throw Invalid(entry.FullName, "is in the archive twice.");
        }
        return Inside(files);
    }

    private static void RequirePlain(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (name.Length is 0 or > 512 || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl)
            || name.TrimEnd('/').Split('/').Any(part => part is "" or "." or ".."))
            throw Invalid($"\"{name}\"", "is not a plain relative name. Zip the output folder as the command line left it.");
        // The high half holds the Unix mode where the zip was made on Unix, else 0.
        if (((entry.ExternalAttributes >> 16) & KindOfFile) is not (0 or RegularFile or Folder))
            throw Invalid(name, "is a link or a special file; only files can be imported.");
    }

    /// <summary>Whoever zips the folder itself instead of what is in it has one more level.</summary>
    private static Dictionary<string, ZipArchiveEntry> Inside(Dictionary<string, ZipArchiveEntry> files)
    {
        var outer = files.Keys.Select(name => name.Split('/')).Where(parts => parts is [.., "runs", _, "result.json"]).Select(parts => string.Concat(parts[..^3].Select(part => part + "/"))).Distinct().ToList();
        if (outer is not [var prefix])
            throw Invalid("runs/{id}/result.json", outer.Count == 0 ? "is not in the archive: it has no finished run. Zip the output folder (--out), which has runs/ and stages/." : "lies in several folders of the archive; import one output folder at a time.");
        return files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(file => file.Key[prefix.Length..], file => file.Value, StringComparer.Ordinal);
    }
}
