using System.Globalization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>Knows how much room a folder's disk has, and turns the system's "no space" into <see cref="ProblemCode.StorageFull"/>. Thread-safe.</summary>
internal static class DiskSpace
{
    // What .NET puts in HResult: errno on Linux and macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private const int NoSpace = 28;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    /// <summary>Bytes that may still be written to the disk of <paramref name="path"/> (quotas are not seen).</summary>
    /// <param name="path">A file or folder; it and its parents need not exist yet.</param>
    public static long Free(string path)
    {
        var folder = Path.GetFullPath(path);
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent) folder = parent;
        return new DriveInfo(folder).AvailableFreeSpace;
    }

    /// <summary>Refuses to begin what would not fit.</summary>
    /// <param name="folder">Where it will be written; need not exist yet.</param>
    /// <param name="bytes">How much will be written, >= 0.</param>
    /// <param name="what">What is to be written, for the message: "the checkpoints of stage train".</param>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: there is less free.</exception>
    public static void Require(string folder, long bytes, string what)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var free = Free(folder);
        if (free < bytes) throw Full($"'{folder}' has too little room for {what}", bytes, free, inner: null);
    }

    /// <summary>The failure to raise for <paramref name="exception"/> if a full disk or quota caused it, else null.</summary>
    internal static LabException? Explain(IOException exception, string path, long wanted)
    {
        var quota = OperatingSystem.IsMacOS() ? QuotaMac : QuotaLinux;
        var cause = exception.HResult switch
        {
            NoSpace or DiskFullWindows or HandleDiskFullWindows => "the disk is full",
            var code when code == quota && !OperatingSystem.IsWindows() => "the disk quota is used up",
            _ => null,
        };
        return cause is null ? null : Full($"{cause} while writing '{path}'", wanted, Free(path), exception);
    }

    private static LabException Full(string what, long wanted, long free, Exception? inner) => new(
        ProblemCode.StorageFull,
        FormattableString.Invariant($"{what}: {(wanted > 0 ? wanted.ToString("N0", CultureInfo.InvariantCulture) : "an unknown number of")} bytes are wanted and {free:N0} are free. Free some space, or choose an output folder on another disk, then start the run again: it resumes."),
        inner);
}
