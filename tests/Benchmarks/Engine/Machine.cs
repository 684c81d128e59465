using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>What a reader must know of the machine to judge a number; never its name. The load, the mean number of running processes over the minute before the start, is near 0 on a quiet machine.</summary>
internal sealed record Machine(string Processor, int LogicalProcessors, string Memory, string Distribution, string DotNet, string? CoreType, int Threads, string Commit, string Date, double Load)
{
    /// <summary>The OpenBLAS kernels that our program chooses for this processor, or those that the environment names; given to every participant.</summary>
    public static string? CoreTypeOfAll { get; } = Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") ?? Flags() switch
    {
        var flags when flags.Contains(" avx512_bf16", StringComparison.Ordinal) => "Cooperlake",
        var flags when flags.Contains(" avx512f", StringComparison.Ordinal) => "SkylakeX",
        _ => null,
    };

    public static Machine Describe(int threads) => new(
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.0} GiB"),
        Line("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        CoreTypeOfAll,
        threads,
        DescribeCommit(),
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        CurrentLoad());

    private static double CurrentLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Flags() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) ?? "";

    private static string? Line(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split([':', '='], 2)[1].Trim();

    private static string DescribeCommit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Checkout.Root, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true })!;
        var text = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return text;
    }
}
