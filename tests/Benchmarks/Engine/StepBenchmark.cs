using System.Text.Json.Nodes;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>Training steps: every participant in turn, in fresh processes, for a number of rounds; ratios only within a round.</summary>
internal static class StepBenchmark
{
    public static async Task RunAsync(EnginePlan plan, string name, CancellationToken cancellation)
    {
        var report = new ResultFiles(name, "Training steps against Python's PyTorch", plan);
        var cases = new List<StepCase>();
        foreach (var model in plan.Models)
            foreach (var precision in plan.Precisions)
                foreach (var training in plan.Trainings)
                {
                    cases.Add(await MeasureAsync(plan, model, precision, training, cancellation));
                    report.Write([StepTable.Of(cases), Notes(plan)], cases);
                }
    }

    private static async Task<StepCase> MeasureAsync(EnginePlan plan, BertShape model, string precision, string training, CancellationToken cancellation)
    {
        var everyone = Participant.Everyone(plan);
        var runs = new List<StepRun>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            // The first place moves on, so that no one always runs on a machine that has just rested.
            for (var place = 0; place < everyone.Count; place++)
                runs.Add(await RunAsync(plan, (model, precision, training), everyone[(round + place) % everyone.Count], round, cancellation));
        }
        return new StepCase(model.Name, precision, training, runs);
    }

    private static async Task<StepRun> RunAsync(EnginePlan plan, (BertShape Model, string Precision, string Training) what, Participant participant, int round, CancellationToken cancellation)
    {
        var warmup = plan.Warmup ?? what.Model.Warmup;
        string[] arguments = [.. what.Model.Arguments, "--training", what.Training, "--steps", $"{plan.Steps ?? what.Model.Steps}", "--warmup", $"{warmup}", .. Precision(what.Precision), .. Threads(participant, plan)];
        var (lines, failure) = await MeasuredProcess.RunAsync(participant, arguments, plan.Threads, cancellation);
        var run = failure is null
            ? StepRun.Of(participant.Name, round, warmup, lines[^1])
            : new StepRun(participant.Name, round, [], 0, 0, null, failure);
        Console.WriteLine($"{what.Model.Name} {what.Precision} {what.Training}, round {round + 1}, {participant.Name}: {(failure is null ? $"{run.Milliseconds!.Median:0.0} ms a step" : failure)}");
        return run;
    }

    public static IReadOnlyList<string> Threads(Participant participant, EnginePlan plan) => participant.Name == Participant.OursName ? [] : ["--threads", $"{plan.Threads}"];

    // The default need not be said: a build without other precisions measures it too.
    public static IReadOnlyList<string> Precision(string precision) => precision == "fp32" ? [] : ["--precision", precision];

    private static string Notes(EnginePlan plan) =>
        $"""
        Batch {BertShape.Batch} x {BertShape.Length} random tokens, vocabulary {BertShape.Vocabulary:N0}, dropout 0.1, AdamW without weight decay, clipping at 1, cross-entropy over 3 classes; mask training at 70 % trains scores over frozen weights.
        ms is the median over {plan.Rounds} processes of the median of their timed steps, with the least and greatest of the processes' medians; the ratio (Python's time / ours: above 1 we are faster) is taken within a round, with its least and greatest.
        "As is": plain `torch.optim.AdamW`, glibc's malloc as it comes. "Best": AdamW over lists of tensors (`foreach`), gradients set to none, malloc that keeps its blocks and asks for huge pages. Threads, BLAS and its kernels are the same for all. Memory is the peak resident size of the process.
        """;
}

/// <summary>One process's steps.</summary>
internal sealed record StepRun(string Participant, int Round, IReadOnlyList<double> StepSeconds, double PeakBytes, int WarmupSteps, string? Library, string? Failure)
{
    public Spread? Milliseconds => Spread.Of(StepSeconds.Skip(WarmupSteps))?.Times(1000);

    public static StepRun Of(string participant, int round, int warmup, JsonObject line) => new(
        participant, round, [.. line["step_seconds"]!.AsArray().Select(value => value!.GetValue<double>())], line["peak_bytes"]!.GetValue<double>(), warmup, LibraryOf(line), null);

    private static string? LibraryOf(JsonObject line) => (string?)line["engine"]
        ?? $"PyTorch {line["torch_version"]}, BLAS {line["blas"]}, core type {line["core_type"]}, {line["threads"]} threads";
}

/// <summary>All processes that did the same work.</summary>
internal sealed record StepCase(string Model, string Precision, string Training, IReadOnlyList<StepRun> Runs)
{
    public Spread? Milliseconds(string participant) => Spread.Of(Done(participant).Select(run => run.Milliseconds!.Median));

    public double? PeakMebibytes(string participant) => Spread.Of(Done(participant).Select(run => run.PeakBytes / (1 << 20)))?.Median;

    /// <summary>The peer's time divided by ours, round by round.</summary>
    public Spread? Ratio(string peer) => Spread.Of(
        from ours in Done(Participant.OursName)
        join other in Done(peer) on ours.Round equals other.Round
        select other.Milliseconds!.Median / ours.Milliseconds!.Median);

    private IEnumerable<StepRun> Done(string participant) => Runs.Where(run => run.Participant == participant && run is { Failure: null, Milliseconds: not null });
}
