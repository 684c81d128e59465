using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>Writes whole files so that a reader, a crash or a power cut sees the old file or the new one and nothing between. Thread-safe.</summary>
/// <remarks>
/// The bytes go to a temporary file in the same folder, which is fsynced and renamed over the target; then the folder is fsynced.
/// A failure removes the temporary file. A killed process leaves it: <see cref="RemoveLeftovers"/> clears a folder, and is called
/// only by the holder of the folder's lock (<see cref="RunDirectory.Open"/>, <see cref="StageStore.BeginWork"/>), so that nobody
/// else's file in the making is taken away. In a folder without a lock only old ones go (<see cref="RemoveOldLeftovers"/>).
/// </remarks>
public static class DurableFile
{
    private const string TemporaryPrefix = ".writing-";

    /// <summary>Writes <paramref name="bytes"/> as the whole file.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="bytes">The contents.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the disk or the quota is full; the target is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => Write(path, bytes, write: null, bytes.Length);

    /// <summary>Writes <paramref name="text"/> as the whole file, UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="text">The contents.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the disk or the quota is full; the target is untouched.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes whatever <paramref name="write"/> puts into the stream as the whole file, without holding it in memory.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="write">Fills a seekable stream; if it throws, the target is untouched.</param>
    /// <param name="expectedBytes">The size to name when the disk is full; 0 if unknown.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the disk or the quota is full; the target is untouched.</exception>
    public static void Write(string path, Action<Stream> write, long expectedBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, [], write, expectedBytes);
    }

    /// <summary>Puts a file that is whole and flushed to the disk in its place: whoever has the old file open goes on reading that one.</summary>
    /// <param name="source">The file; it must lie on the same disk.</param>
    /// <param name="target">Its place; the folder is made if need be, a file that is there is replaced.</param>
    public static void Move(string source, string target)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!).FullName;
        File.Move(source, target, overwrite: true);
        DirectorySync.FlushNames(folder);
    }

    /// <summary>Refuses to begin what would not fit.</summary>
    /// <param name="folder">Where it will be written; need not exist yet.</param>
    /// <param name="bytes">How much will be written, >= 0.</param>
    /// <param name="what">What is to be written, for the message.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: there is less free.</exception>
    public static void RequireFreeSpace(string folder, long bytes, string what) => DiskSpace.Require(folder, bytes, what);

    /// <summary>Deletes the temporary files that killed processes left in <paramref name="folder"/> (not in its subfolders). Call it under the folder's lock.</summary>
    /// <returns>How many there were.</returns>
    public static int RemoveLeftovers(string folder)
    {
        var leftovers = Directory.GetFiles(folder, TemporaryPrefix + "*");
        foreach (var leftover in leftovers) File.Delete(leftover);
        return leftovers.Length;
    }

    /// <summary>As <see cref="RemoveLeftovers"/>, but for a folder that has no lock: leaves files alone that somebody may still be writing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="writtenBefore">UTC; only files last written to before it are deleted.</param>
    internal static void RemoveOldLeftovers(string folder, DateTime writtenBefore)
    {
        foreach (var leftover in Directory.GetFiles(folder, TemporaryPrefix + "*").Where(file => File.GetLastWriteTimeUtc(file) < writtenBefore))
            File.Delete(leftover);
    }

    /// <summary>The problem behind a failed write, if the disk or the quota is full; else null.</summary>
    /// <param name="exception">What the write failed with.</param>
    /// <param name="path">What was written.</param>
    /// <param name="wanted">Bytes to be written, or 0 when unknown.</param>
    public static LabException? AsStorageFull(IOException exception, string path, long wanted)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return DiskSpace.Explain(exception, path, wanted);
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes, Action<Stream>? write, long wanted)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' is not a file's path", nameof(path));
        var temporary = Path.Combine(folder, $"{TemporaryPrefix}{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            Fill(temporary, bytes, write);
            File.Move(temporary, target, overwrite: true);
            DirectorySync.FlushNames(folder);
        }
        catch (IOException exception) when (DiskSpace.Explain(exception, target, wanted) is { } full)
        {
            throw full;
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    private static void Fill(string temporary, ReadOnlySpan<byte> bytes, Action<Stream>? write)
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);
        stream.Write(bytes);
        write?.Invoke(stream);
        stream.Flush(flushToDisk: true);
    }
}
