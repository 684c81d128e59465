using System.Globalization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>An exclusive lock between processes, held until disposed or until the process ends in any way.</summary>
/// <remarks>
/// The system's lock (flock) on <c>path</c> is what counts. Beside it, <c>path.owner</c> names the holder's process id and machine,
/// for messages only: a locked file cannot be read. The lock file is never deleted, for two processes could then lock two files of one name.
/// </remarks>
public sealed class ProcessLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _ownerPath;

    private ProcessLock(FileStream file, string ownerPath)
    {
        _file = file;
        _ownerPath = ownerPath;
    }

    /// <summary>Takes the lock, or returns null at once if somebody (this process included) holds it.</summary>
    /// <param name="path">The lock file; its folder must exist.</param>
    public static ProcessLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            return null;
        }

        try
        {
            DurableFile.Write(OwnerPath(path), string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}"));
            return new ProcessLock(file, OwnerPath(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, or refuses at once.</summary>
    /// <param name="path">The lock file; its folder must exist.</param>
    /// <param name="what">What it guards, for the message: "run 0123456789ab-42".</param>
    /// <exception cref="LabException"><see cref="ProblemCode.RunLocked"/>, naming the holder.</exception>
    public static ProcessLock Take(string path, string what) => TryTake(path) ?? throw new LabException(
        ProblemCode.RunLocked,
        $"{what} is locked by {OwnerOf(path)} (lock file '{path}'). Wait until it ends, or stop it; a dead process holds no lock.");

    /// <summary>Who holds the lock: "process 4711 on gpu-3", or "another process" if it does not say.</summary>
    public static string OwnerOf(string path)
    {
        try
        {
            return File.ReadAllText(OwnerPath(path));
        }
        catch (IOException)
        {
            return "another process"; // it is between taking the lock and saying so, or between the reverse
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (!_file.CanRead) return;
        File.Delete(_ownerPath);
        _file.Dispose();
    }

    private static string OwnerPath(string path) => path + ".owner";

    // EWOULDBLOCK of flock on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException exception)
        => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
