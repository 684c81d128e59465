using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Pretrained;

/// <summary>What is known of imports on the disk: for each name a record and the files that came. All nodes of a storage folder see them.</summary>
internal sealed class ImportRecords(PretrainedStore store)
{
    private const string RecordFile = "record.json";

    private string Folder => Path.GetDirectoryName(store.WorkFolder("any"))!;

    /// <summary>The folder of one import.</summary>
    public string WorkOf(string name) => store.WorkFolder(name);

    /// <summary>Where the files come to lie, and nothing else.</summary>
    public static string FilesOf(string work) => Path.Combine(work, "files");

    /// <summary>Where an archive comes to lie.</summary>
    public static string ArchiveOf(string work) => Path.Combine(work, "archive");

    public void Write(ModelImport import) => DurableFile.Write(Path.Combine(WorkOf(import.Id), RecordFile), JsonSerializer.Serialize(import, LabJson.Options));

    /// <summary>Null when there is none.</summary>
    public ModelImport? Read(string name)
    {
        try
        {
            return Measured(JsonSerializer.Deserialize<ModelImport>(File.ReadAllText(Path.Combine(WorkOf(name), RecordFile)), LabJson.Options)!, WorkOf(name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Of every name that has one.</summary>
    public IReadOnlyList<ModelImport> ReadAll() =>
        Directory.Exists(Folder) ? [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Where(PretrainedStore.IsName).Order(StringComparer.Ordinal).Select(Read).OfType<ModelImport>()] : [];

    /// <summary>Only the files: they were wrong, or are for something else.</summary>
    public void DropFiles(string name) => Delete(FilesOf(WorkOf(name)));

    public void Drop(string name) => Delete(WorkOf(name));

    /// <summary>Deletes what a killed process left of archives and deleted models. Another node's that is under way must not lose its own.</summary>
    public void DropAbandoned(DateTimeOffset before)
    {
        foreach (var folder in Directory.Exists(Folder) ? Directory.GetDirectories(Folder, ".*") : [])
        {
            if (Directory.GetLastWriteTimeUtc(folder) < before)
                Delete(folder);
        }
    }

    /// <summary>With the bytes that are there now.</summary>
    public static ModelImport Measured(ModelImport import, string work)
    {
        List<ImportProgress> files = [.. import.Files.Select(file => file with { DoneBytes = LengthOf(Path.Combine(FilesOf(work), file.Name)) })];
        return import with { Files = files, DoneBytes = files.Count > 0 ? files.Sum(file => file.DoneBytes) : LengthOf(ArchiveOf(work)) };
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
