using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>A temporary data folder.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    /// <param name="inMemory">For very many files: on Linux's disk in memory, where there is one.</param>
    public DataFolder(bool inMemory = false) => Root = inMemory && Directory.Exists(MemoryDisk)
        ? Directory.CreateDirectory(Path.Combine(MemoryDisk, $"sparserobust-data-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("sparserobust-data-").FullName;

    public string Root { get; }

    public DatasetFolders Folders => new([Root]);

    public static string FixtureText(string name) => File.ReadAllText(Fixture.Path("datasets", name));

    public string Write(string path, string content, bool gzip = false) => Write(path, Encoding.UTF8.GetBytes(content), gzip);

    public string Write(string path, byte[] content, bool gzip = false)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = File.Create(file);
        using var target = gzip ? new GZipStream(stream, CompressionLevel.Fastest) : (Stream)stream;
        target.Write(content);
        return file;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
