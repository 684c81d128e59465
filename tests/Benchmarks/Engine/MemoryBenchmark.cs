using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>Resident memory while batches change their length: it must come to rest.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 2_000;
    private static readonly string[] Model = ["--layers", "2", "--hidden", "128", "--batch", "32", "--length", "128", "--spread", "0.9", "--vocabulary", "8192", "--warmup", "0"];

    public static async Task RunAsync(EnginePlan plan, string name, CancellationToken cancellation)
    {
        var report = new ResultFiles(name, "Resident memory over a training of changing batch lengths", plan);
        var runs = new List<MemoryRun>();
        var steps = plan.Steps ?? Steps;
        foreach (var training in plan.Trainings)
            foreach (var precision in plan.Precisions)
                foreach (var participant in new[] { Participant.Ours(), Participant.AsIs(plan) })
                {
                    string[] arguments = [.. Model, "--steps", $"{steps}", "--training", training, .. StepBenchmark.Precision(precision), .. StepBenchmark.Threads(participant, plan)];
                    var (lines, failure) = await MeasuredProcess.RunAsync(participant, arguments, plan.Threads, cancellation);
                    runs.Add(MemoryRun.Of($"{training}, {precision}, {participant.Name}", failure is null ? lines[^1] : null, failure));
                    Console.WriteLine(Row(runs[^1], steps));
                    report.Write([Table(runs, steps), $"2 x 128 model, batch 32, longest row of a batch between 16 and 128 tokens, vocabulary 8,192, {steps:N0} steps. Tensors alive are counted after the run (our program only)."], runs);
                }
    }

    private static int[] Marks(int steps) => [steps / 4, steps / 2, steps];

    private static string Table(IEnumerable<MemoryRun> runs, int steps)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| training, precision, program | {string.Join(" | ", Marks(steps).Select(mark => string.Create(CultureInfo.InvariantCulture, $"MiB at step {mark:N0}")))} | peak MiB | tensors alive |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var run in runs)
            text.AppendLine(Row(run, steps));
        return text.ToString();
    }

    private static string Row(MemoryRun run, int steps) => run.Failure is not null
        ? $"| {run.Name} | not measured: {run.Failure} | | | | |"
        : $"| {run.Name} | {string.Join(" | ", Marks(steps).Select(mark => Mebibytes(run.ResidentBytes[mark - 1])))} | {Mebibytes(run.PeakBytes)} | {run.LiveTensors?.ToString(CultureInfo.InvariantCulture) ?? "-"} |";

    private static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>Resident memory after each step of one process.</summary>
internal sealed record MemoryRun(string Name, IReadOnlyList<double> ResidentBytes, double PeakBytes, long? LiveTensors, string? Failure)
{
    public static MemoryRun Of(string name, JsonObject? line, string? failure) => line is null
        ? new MemoryRun(name, [], 0, null, failure)
        : new MemoryRun(name, [.. line["resident_bytes"]!.AsArray().Select(value => value!.GetValue<double>())], line["peak_bytes"]!.GetValue<double>(), (long?)line["live_tensors"], null);
}
