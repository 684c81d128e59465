using System.Diagnostics;

namespace SparseRobust.Lab.Tests.Checkpoints;

/// <summary>A test against PyTorch itself; skipped where Debian's Python has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTorchFactAttribute : FactAttribute
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasTorch = new(() => File.Exists(Python) && Run("-c", "import torch").ExitCode == 0);

    public PythonTorchFactAttribute()
    {
        if (!HasTorch.Value)
            Skip = $"{Python} has no torch (Debian: apt-get install python3-torch)";
    }

    /// <summary>Runs a Python program to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
