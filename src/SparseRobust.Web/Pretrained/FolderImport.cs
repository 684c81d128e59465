using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>Copies a model's files from a folder of the server's machine, if the operator has allowed that folder or one around it; links are followed, and count as what they lead to.</summary>
internal sealed class FolderImport(ServerOptions options)
{
    private const int MostLinks = 40;

    /// <summary>The files of a folder that are kept, with the paths that they really have.</summary>
    /// <exception cref="Problem">RequestInvalid: it is no folder inside those that are allowed; the same for what is not there, so that nobody learns what is.</exception>
    /// <exception cref="LabException">ModelInvalid: it holds no model.</exception>
    public IReadOnlyList<(string Name, string Path)> Find(FolderSource source)
    {
        var folder = Path.IsPathFullyQualified(source.Path) && !source.Path.Contains('\0', StringComparison.Ordinal) ? Allowed(Path.GetFullPath(source.Path)) : null;
        if (folder is null || !Directory.Exists(folder))
            throw Problem.Invalid("$.source.path", $"\"{source.Path}\" is no folder inside those that models may be imported from: {string.Join(", ", options.ModelFolders)}. Give a whole path, or have the server's operator add one to Server:ImportFolders.");
        return [.. ModelFiles.Choose(Directory.GetFiles(folder).Select(path => Path.GetFileName(path))).Select(name => (name, Allowed(Path.Combine(folder, name))
            ?? throw Problem.Invalid("$.source.path", $"{name} in \"{source.Path}\" is a link that leads out of the folders that models may be imported from.")))];
    }

    /// <exception cref="Problem">RequestInvalid, RequestTooLarge.</exception>
    /// <exception cref="LabException">ModelInvalid, StorageFull.</exception>
    public IReadOnlyList<ImportedFile> Bring(FolderSource source, ActiveImport active)
    {
        var found = Find(source);
        var sizes = found.ToDictionary(file => file.Name, file => new FileInfo(file.Path).Length, StringComparer.Ordinal);
        if (sizes.Values.Sum() is var total && total > options.ModelBytes)
            throw new Problem("RequestTooLarge", $"The model has {total} bytes, more than the {options.ModelBytes} that this server takes. Its operator may raise Server:ModelBytes.");
        var target = Directory.CreateDirectory(ImportRecords.FilesOf(active.Work)).FullName;
        DurableFile.RequireFreeSpace(target, total, "the model's files");
        active.Change(import => import with { State = ImportState.Fetching, TotalBytes = total, Files = [.. found.Select(file => new ImportProgress { Name = file.Name, TotalBytes = sizes[file.Name] })] });
        return [.. found.Select(file => Copy(file, target, sizes[file.Name], active.Stop))];
    }

    private static ImportedFile Copy((string Name, string Path) file, string target, long size, CancellationToken cancellation)
    {
        using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return ModelFiles.Receive(content, target, file.Name, Math.Min(size, ModelFiles.LimitOf(file.Name, size)), cancellation);
    }

    private string? Allowed(string path) =>
        Real(path) is { } real && options.ModelFolders.Select(folder => Real(folder)).Any(root => root is not null && (real == root || real.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal))) ? real : null;

    /// <summary>A path without links; null when it is not there.</summary>
    private static string? Real(string path, int links = 0)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            if (!Path.Exists(next) || links > MostLinks)
                return null;
            if (new FileInfo(next).LinkTarget is not { } link)
                real = next;
            else if (Real(Path.GetFullPath(link, real), links + 1) is { } target)
                real = target;
            else
                return null;
        }
        return real;
    }
}
