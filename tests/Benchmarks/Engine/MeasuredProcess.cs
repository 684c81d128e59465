using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>Runs a participant in a fresh process under the environment that all of them share.</summary>
internal static class MeasuredProcess
{
    // What a user's shell may set and one of the two sides would take for itself.
    private static readonly string[] Removed = ["LD_PRELOAD", "SPARSEROBUST_MALLOC", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "MALLOC_MMAP_MAX_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];

    /// <summary>The JSON lines that the process printed; or why there are none.</summary>
    public static async Task<(IReadOnlyList<JsonObject> Lines, string? Failure)> RunAsync(Participant participant, IEnumerable<string> arguments, int threads, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(participant.Program, [.. participant.Arguments, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Prepare(start.Environment, threads);
        foreach (var (name, value) in participant.Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        var lines = output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        if (process.ExitCode == 0 && lines.Count > 0)
            return (lines, null);
        // Our program explains itself in JSON, everything else in the last line of standard error.
        var reason = (string?)lines.LastOrDefault()?["message"] ?? (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no output";
        return ([], $"exit code {process.ExitCode}: {reason.Trim()}");
    }

    private static void Prepare(IDictionary<string, string?> environment, int threads)
    {
        foreach (var name in Removed)
            environment.Remove(name);
        var count = threads.ToString(CultureInfo.InvariantCulture);
        environment["SPARSEROBUST_THREADS"] = count;
        environment["OMP_NUM_THREADS"] = count;
        if (Machine.CoreTypeOfAll is { } coreType)
            environment["OPENBLAS_CORETYPE"] = coreType;
    }
}
