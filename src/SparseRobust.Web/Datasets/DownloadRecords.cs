using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>What is known of downloads on the disk: for each split a record and the bytes that came. All nodes of a storage folder see them.</summary>
internal sealed class DownloadRecords(Storage storage)
{
    private string Folder => Path.Combine(storage.Datasets, ".downloads");

    /// <summary>Where the bytes come to lie.</summary>
    public string PartOf(PublishedSplit split) => Path.Combine(Folder, $"{split.Name}.{split.Split}.part");

    public void Write(PublishedSplit split, DatasetDownload download) => DurableFile.Write(RecordOf(split), JsonSerializer.Serialize(download, LabJson.Options));

    /// <summary>Null when there is none.</summary>
    public DatasetDownload? Read(PublishedSplit split)
    {
        try
        {
            var part = new FileInfo(PartOf(split));
            var download = JsonSerializer.Deserialize<DatasetDownload>(File.ReadAllText(RecordOf(split)), LabJson.Options)!;
            return part.Exists ? download with { ReceivedBytes = part.Length } : download;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Of every split that has one.</summary>
    public IReadOnlyList<DatasetDownload> ReadAll() => Directory.Exists(Folder) ? [.. DatasetCatalog.Published.Select(Read).OfType<DatasetDownload>()] : [];

    /// <summary>Only the bytes: they were wrong, or are for something else.</summary>
    public void DropPart(PublishedSplit split) => Delete(PartOf(split));

    public void Drop(PublishedSplit split)
    {
        DropPart(split);
        Delete(RecordOf(split));
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    private string RecordOf(PublishedSplit split) => Path.Combine(Folder, $"{split.Name}.{split.Split}.json");
}
