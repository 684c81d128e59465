using System.Runtime.InteropServices;
using System.Text;

namespace SparseRobust.Lab.Runs;

/// <summary>Flushes files and directories to the disk, so that a rename outlives a power cut.</summary>
/// <remarks>.NET refuses to open a directory, so fsync of one is the laboratory's only call into the C library. On Windows,
/// whose file system keeps its own journal of names, the directory part does nothing.</remarks>
internal static class DirectorySync
{
    private const int OpenReadOnly = 0;
    private const int InvalidArgument = 22; // EINVAL: a file system that cannot sync a directory, as some network ones

    /// <summary>Makes the names in <paramref name="folder"/> durable.</summary>
    public static void FlushNames(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), OpenReadOnly);
        if (descriptor < 0) throw Failure("open", folder);
        try
        {
            if (Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Failure("fsync", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Makes every file and name under <paramref name="folder"/> durable, the folder's own names last.</summary>
    public static void FlushTree(string folder)
    {
        foreach (var child in Directory.EnumerateDirectories(folder)) FlushTree(child);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(handle);
        }

        FlushNames(folder);
    }

    private static IOException Failure(string call, string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of the folder '{folder}' failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
