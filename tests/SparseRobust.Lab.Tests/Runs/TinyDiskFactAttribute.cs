using System.Diagnostics;

namespace SparseRobust.Lab.Tests.Runs;

/// <summary>A test that needs a disk it can fill: a small tmpfs, which only root may mount.</summary>
public sealed class TinyDiskFactAttribute : FactAttribute
{
    private static readonly string? Reason = WhyNot();

    public TinyDiskFactAttribute() => Skip = Reason;

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "needs tmpfs, which is Linux's";
        if (!Environment.IsPrivilegedProcess) return "needs root to mount a small tmpfs";
        try
        {
            using var disk = new TinyDisk();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return "a small tmpfs cannot be mounted here: " + exception.Message;
        }
    }
}

/// <summary>A small tmpfs, 64 KiB unless told.</summary>
public sealed class TinyDisk : IDisposable
{
    public const int Bytes = 1 << 16;

    private readonly TemporaryFolder _folder = new();

    public TinyDisk(int bytes = Bytes)
    {
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string Path => _folder.Path;

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException(error.Trim());
    }
}
