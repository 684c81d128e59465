using System.Formats.Tar;
using System.IO.Compression;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A file or folder in an archive, its name checked.</summary>
/// <param name="Name">Relative, with / between folders.</param>
/// <param name="IsFolder">Whether it is a folder, which has no content.</param>
/// <param name="Length">Bytes, as the archive says.</param>
/// <param name="Crc32">The sum that its content must have; null in a .tar, which says none.</param>
/// <param name="Open">Its content; of a .tar only before the next member is asked for.</param>
internal sealed record ArchiveMember(string Name, bool IsFolder, long Length, uint? Crc32, Func<Stream> Open);

/// <summary>What is in a .zip, .tar or .tar.gz, distrusted: told by its first bytes, and nothing but files and folders under plain relative names, each once.</summary>
internal static class ArchiveMembers
{
    private const int MostMembers = 10_000;

    // Of a .tar: what stands between two contents. Long names and other attributes lie there; how long they are, the archive says.
    private const long MostBetween = 1 << 20;

    private const int KindOfFile = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>The members, one after the other.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="mostBytes">Most bytes of all contents of a .tar, which has to be read through.</param>
    /// <exception cref="Errors.LabException">ModelInvalid.</exception>
    public static IEnumerable<ArchiveMember> Read(string path, long mostBytes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in IsZip(path) ? OfZip(path) : OfTar(path, mostBytes))
        {
            if (names.Count == MostMembers)
                throw ModelFiles.Invalid($"The archive has more than {MostMembers} entries. Pack the model's folder alone.");
            if (Plain(member.Name) is { Length: > 0 } name)
                yield return names.Add(name) ? member with { Name = name } : throw ModelFiles.Invalid($"{name} is in the archive twice.");
        }
    }

    private static bool IsZip(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == 'P' && file.ReadByte() == 'K';
    }

    // "./config.json" is how a folder is packed from inside; "./" itself is nothing.
    private static string Plain(string given)
    {
        var name = (given.StartsWith("./", StringComparison.Ordinal) ? given[2..] : given).TrimEnd('/');
        if (given.Length is 0 or > 512 || given.StartsWith('/') || given.Contains('\\', StringComparison.Ordinal) || given.Contains(':', StringComparison.Ordinal) || given.Any(char.IsControl)
            || name.Length > 0 && name != "." && name.Split('/').Any(part => part is "" or "." or ".."))
            throw ModelFiles.Invalid($"\"{given}\" in the archive is not a plain relative name.");
        return name == "." ? "" : name;
    }

    private static IEnumerable<ArchiveMember> OfZip(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            // The high half holds the Unix mode where the zip was made on Unix, else 0.
            if (((entry.ExternalAttributes >> 16) & KindOfFile) is not (0 or RegularFile or Folder))
                throw Special(entry.FullName);
            yield return new ArchiveMember(entry.FullName, entry.FullName.EndsWith('/'), entry.Length, entry.Crc32, entry.Open);
        }
    }

    private static IEnumerable<ArchiveMember> OfTar(string path, long mostBytes)
    {
        using var content = new CountedStream(Unpacked(path)) { Left = MostBetween };
        using var tar = new TarReader(content, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                continue;
            var isFolder = entry.EntryType is TarEntryType.Directory;
            if (!isFolder && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw Special(entry.Name);
            if ((mostBytes -= entry.Length) < 0)
                throw ModelFiles.Invalid($"{entry.Name} would make the archive larger than what is taken here. Pack the model's folder alone.");
            content.Left = entry.Length + MostBetween;
            yield return new ArchiveMember(entry.Name, isFolder, entry.Length, Crc32: null, () => entry.DataStream ?? Stream.Null);
        }
    }

    private static Stream Unpacked(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static Errors.LabException Special(string name) => ModelFiles.Invalid($"{name} in the archive is a link or a special file; only files and folders are taken.");
}
