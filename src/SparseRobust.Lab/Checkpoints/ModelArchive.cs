using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Takes a model's files out of an archive that nobody vouches for. Names are checked before anything is written, sizes while it is.</summary>
public static class ModelArchive
{
    // What a Mac adds beside the folder that was packed.
    private const string OfTheFinder = "__MACOSX/";

    /// <summary>Writes the model's files into a folder. They may lie at the archive's top or in its one folder that has a config.json; other files are left out.</summary>
    /// <param name="path">A .zip, .tar or .tar.gz, told by its content.</param>
    /// <param name="folder">Where to; exists and is empty.</param>
    /// <param name="mostBytes">Most bytes of the files together; of a .tar, of all that is in it.</param>
    /// <param name="cancellation">Cancels; what was written stays.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="LabException">ModelInvalid: it is no such archive or is damaged; has no model, or several; has a name that leads elsewhere, a link, a name twice; holds more than is taken, or
    /// more or less than it says. StorageFull.</exception>
    public static IReadOnlyList<ImportedFile> Extract(string path, string folder, long mostBytes, CancellationToken cancellation)
    {
        try
        {
            var members = ArchiveMembers.Read(path, mostBytes).Where(member => !member.IsFolder).Select(member => (member.Name, member.Length)).ToList();
            var prefix = PrefixOf(members.Select(member => member.Name));
            var lengths = members.Where(member => IsAt(prefix, member.Name)).ToDictionary(member => member.Name[prefix.Length..], member => member.Length, StringComparer.Ordinal);
            var chosen = ModelFiles.Choose(lengths.Keys).ToHashSet(StringComparer.Ordinal);
            RequireRoom(chosen.Select(name => (name, lengths[name])), folder, mostBytes);
            return [.. Written(ArchiveMembers.Read(path, mostBytes).Where(member => !member.IsFolder && IsAt(prefix, member.Name) && chosen.Contains(member.Name[prefix.Length..])), prefix.Length, folder, cancellation)];
        }
        catch (IOException e) when (DurableFile.AsStorageFull(e, folder, 0) is { } full)
        {
            throw full;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            throw ModelFiles.Invalid($"The archive is no whole .zip, .tar or .tar.gz: {e.Message}", e);
        }
    }

    private static IEnumerable<ImportedFile> Written(IEnumerable<ArchiveMember> members, int prefix, string folder, CancellationToken cancellation)
    {
        foreach (var member in members)
        {
            var name = member.Name[prefix..];
            using var content = new Crc32Stream(member.Open()) { Left = member.Length };
            var file = ModelFiles.Receive(content, folder, name, member.Length, cancellation);
            if (file.Size != member.Length || member.Crc32 is { } crc && crc != content.Crc32)
                throw ModelFiles.Invalid($"{name} unpacks to {file.Size} bytes that are not what the archive says ({member.Length}). It is damaged; pack it again.");
            yield return file;
        }
    }

    private static void RequireRoom(IEnumerable<(string Name, long Length)> files, string folder, long mostBytes)
    {
        UInt128 sum = 0;
        foreach (var (name, length) in files)
        {
            if (length > ModelFiles.LimitOf(name, mostBytes))
                throw ModelFiles.Invalid($"{name} has {length} bytes; at most {ModelFiles.LimitOf(name, mostBytes)} are taken.");
            sum += (UInt128)length;
        }
        if (sum > (UInt128)mostBytes)
            throw ModelFiles.Invalid($"The model has {sum} bytes; at most {mostBytes} are taken.");
        DurableFile.RequireFreeSpace(folder, (long)sum, "the archive's files");
    }

    private static bool IsAt(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) && !name[prefix.Length..].Contains('/', StringComparison.Ordinal);

    private static string PrefixOf(IEnumerable<string> names)
    {
        List<string> prefixes = [.. names.Where(name => name.Split('/') is [ModelFiles.Config] or [_, ModelFiles.Config] && !name.StartsWith(OfTheFinder, StringComparison.Ordinal)).Select(name => name[..^ModelFiles.Config.Length])];
        return prefixes switch
        {
            [var prefix] => prefix,
            [] => throw ModelFiles.Invalid($"There is no {ModelFiles.Config} at the archive's top or in a folder there. Pack the model's folder."),
            _ => throw ModelFiles.Invalid($"The archive has several models: {string.Join(", ", prefixes.Select(prefix => prefix + ModelFiles.Config).Order(StringComparer.Ordinal))}. Pack one model's folder."),
        };
    }
}
