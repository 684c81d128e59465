using System.Diagnostics;
using System.Globalization;
using System.Text;
using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>Forward and backward of single operators: ours and the composed ones in turn in this process, Python's in a process of its own.</summary>
internal static class OperatorBenchmark
{
    private const double SecondsPerSample = 0.2;

    public static async Task RunAsync(EnginePlan plan, string name, CancellationToken cancellation)
    {
        // Read once, when LibTorch is loaded.
        Environment.SetEnvironmentVariable("SPARSEROBUST_THREADS", plan.Threads.ToString(CultureInfo.InvariantCulture));
        var report = new ResultFiles(name, "Single operators, forward and backward", plan);
        var library = Lab.Runs.Engine.Report().Summary;
        var rows = new List<OperatorRow>();
        foreach (var model in plan.Models)
            foreach (var precision in plan.Precisions)
            {
                var python = await PythonAsync(plan, model, precision, cancellation);
                foreach (var pair in OperatorTable.Pairs)
                {
                    cancellation.ThrowIfCancellationRequested();
                    rows.Add(Measure(plan, model, precision, pair) with { Python = python.GetValueOrDefault(pair.Name) });
                    Console.WriteLine(Row(rows[^1]));
                }
                if (precision == "fp32")
                {
                    rows.Add(AdamWRow(plan, model) with { Python = python.GetValueOrDefault("adamw") });
                    Console.WriteLine(Row(rows[^1]));
                }
                report.Write([Table(rows), Notes(plan, library)], rows);
            }
    }

    private static OperatorRow Measure(EnginePlan plan, BertShape model, string precision, OperatorPair pair)
    {
        using var scope = NewDisposeScope();
        var type = precision == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
        var inputs = pair.Shapes(model).Select(shape => randn(shape).to_type(type).requires_grad_()).ToArray();
        try
        {
            var (fused, composed) = Alternate(pair.Fused is null ? null : Differentiated(inputs, pair.Fused), Differentiated(inputs, pair.Composed), plan.Rounds);
            return new OperatorRow(model.Name, precision, pair.Name, fused, composed, null, null);
        }
        catch (TorchException e)
        {
            return new OperatorRow(model.Name, precision, pair.Name, null, null, null, e.Message.Split('\n')[0]);
        }
    }

    private static Action Differentiated(Tensor[] inputs, Func<Tensor[], Tensor> function)
    {
        Tensor? gradient = null;
        return () =>
        {
            using var scope = NewDisposeScope();
            var output = function(inputs);
            gradient ??= ones_like(output).MoveToOuterDisposeScope();
            autograd.grad([output], inputs, [gradient]);
        };
    }

    private static OperatorRow AdamWRow(EnginePlan plan, BertShape model)
    {
        using var scope = NewDisposeScope();
        var matrices = Enumerable.Range(0, model.Layers).SelectMany(_ => new long[][] { [model.Hidden, model.Hidden], [model.Hidden, model.Hidden], [model.Hidden, model.Hidden], [model.Hidden, model.Hidden], [4 * model.Hidden, model.Hidden], [model.Hidden, 4 * model.Hidden] });
        var parameters = matrices.Append([BertShape.Vocabulary, model.Hidden]).Select(shape => nn.Parameter(randn(shape))).ToList();
        foreach (var parameter in parameters)
            parameter.grad = randn(parameter.shape);
        var states = parameters.Select(parameter => (zeros_like(parameter), zeros_like(parameter))).ToList();
        using var optimizer = optim.AdamW(parameters, 1e-4);
        var (fused, composed) = Alternate(() => optimizer.step(), () => ComposedStep(parameters, states), plan.Rounds);
        foreach (var parameter in parameters)
            parameter.Dispose();
        return new OperatorRow(model.Name, "fp32", "adamw", fused, composed, null, null);
    }

    // Bias corrections are numbers outside the tensors and cost nothing; 0.1 and 0.03 stand for them.
    private static void ComposedStep(List<Parameter> parameters, List<(Tensor First, Tensor Second)> states)
    {
        using var noGrad = no_grad();
        foreach (var (parameter, (first, second)) in parameters.Zip(states))
        {
            using var scope = NewDisposeScope();
            var gradient = parameter.grad!;
            parameter.mul_(1.0);
            first.mul_(0.9).add_(gradient, 0.1);
            second.mul_(0.999).addcmul_(gradient, gradient, 0.001);
            parameter.addcdiv_(first, (second.sqrt() / 0.03).add_(1e-8), -1e-4 / 0.1);
        }
    }

    private static (Spread? Fused, Spread? Composed) Alternate(Action? fused, Action composed, int rounds)
    {
        var (first, second) = (new List<double>(), new List<double>());
        var counts = (Fused: fused is null ? 0 : Calibrate(fused), Composed: Calibrate(composed));
        for (var round = 0; round < 2 * rounds + 1; round++)
        {
            if (fused is not null)
                first.Add(Milliseconds(fused, counts.Fused));
            second.Add(Milliseconds(composed, counts.Composed));
        }
        return (Spread.Of(first), Spread.Of(second));
    }

    private static int Calibrate(Action action)
    {
        action();
        return Math.Max(1, (int)(SecondsPerSample * 1000 / Milliseconds(action, 2)));
    }

    private static double Milliseconds(Action action, int count)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
            action();
        return clock.Elapsed.TotalMilliseconds / count;
    }

    private static async Task<IReadOnlyDictionary<string, Spread?>> PythonAsync(EnginePlan plan, BertShape model, string precision, CancellationToken cancellation)
    {
        var peer = new Participant("Python", plan.Python, [Checkout.Peer("operators.py")], new Dictionary<string, string>());
        string[] arguments = [.. model.Arguments, "--precision", precision, "--threads", $"{plan.Threads}", "--samples", $"{2 * plan.Rounds + 1}"];
        var (lines, failure) = await MeasuredProcess.RunAsync(peer, arguments, plan.Threads, cancellation);
        if (failure is not null)
            Console.Error.WriteLine($"Python was not measured: {failure}");
        return lines.ToDictionary(line => (string)line["operator"]!, line => Spread.Of(line["milliseconds"]!.AsArray().Select(value => value!.GetValue<double>())));
    }

    private static string Table(IEnumerable<OperatorRow> rows) => new StringBuilder()
        .AppendLine("| model, precision | operator | fused, ms | composed, ms | Python, ms | composed / fused | Python / fused |")
        .AppendLine("|---|---|---|---|---|---|---|")
        .AppendJoin('\n', rows.Select(Row)).ToString();

    private static string Row(OperatorRow row) => row.Failure is not null
        ? $"| {row.Model}, {row.Precision} | {row.Operator} | not measured: {row.Failure} | | | | |"
        : $"| {row.Model}, {row.Precision} | {row.Operator} | {StepTable.Cell(row.Fused, "0.00")} | {StepTable.Cell(row.Composed, "0.00")} | {StepTable.Cell(row.Python, "0.00")} | {Ratio(row.Composed, row.Fused)} | {Ratio(row.Python, row.Fused)} |";

    private static string Ratio(Spread? slow, Spread? fast) => slow is null || fast is null ? "-" : (slow.Median / fast.Median).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Notes(EnginePlan plan, string library) =>
        $"""
        Forward and backward to every input at batch {BertShape.Batch} x {BertShape.Length}; medians of {2 * plan.Rounds + 1} samples of at least {SecondsPerSample} s with least and greatest. Fused and composed alternate in one process with our allocator; Python runs beside, with the same BLAS and threads. adamw is one update of all encoder matrices and the word table.

        - {library}
        """;
}

/// <summary>One operator's times in milliseconds.</summary>
internal sealed record OperatorRow(string Model, string Precision, string Operator, Spread? Fused, Spread? Composed, Spread? Python, string? Failure);
