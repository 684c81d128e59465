using System.CommandLine;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>engine: our training step, operators and memory against Python's PyTorch on the same library.</summary>
internal static class EngineCommand
{
    private const string All = "all";
    private static readonly string[] Precisions = ["fp32", "bf16"];
    private static readonly string[] Trainings = ["dense", "mask"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var operators = new Option<bool>("--operators") { Description = "Single operators, forward and backward, instead of training steps." };
        var memory = new Option<bool>("--memory") { Description = "Resident memory over 2,000 steps of changing batch lengths instead of training steps." };
        var model = Choice("--model", [.. BertShape.Catalogue.Select(shape => shape.Name)]);
        var precision = Choice("--precision", Precisions);
        var training = Choice("--training", Trainings);
        var rounds = new Option<int>("--rounds") { Description = "Fresh processes of each participant.", DefaultValueFactory = _ => 3 };
        var steps = new Option<int?>("--steps") { Description = "Steps timed in each process; 20 (mini), 3 (base); of --memory 2,000." };
        var warmup = new Option<int?>("--warmup") { Description = "Steps before those; 5 (mini), 1 (base)." };
        var threads = new Option<int>("--threads") { Description = "Threads of every participant.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var python = new Option<string>("--python") { Description = "The Python that has PyTorch.", DefaultValueFactory = _ => "/usr/bin/python3" };
        var name = new Option<string?>("--out") { Description = "Name of the two files in tests/Benchmarks/results; engine, engine-operators or engine-memory by default." };
        var command = new RootCommand("Times the engine against Python's PyTorch. A quiet machine is needed: the load at the start is recorded.") { operators, memory, model, precision, training, rounds, steps, warmup, threads, python, name };
        command.SetAction(async (parse, cancellation) =>
        {
            var plan = new EnginePlan
            {
                Models = [.. BertShape.Catalogue.Where(shape => Chosen(parse.GetValue(model), shape.Name))],
                Precisions = [.. Precisions.Where(each => Chosen(parse.GetValue(precision), each))],
                Trainings = [.. Trainings.Where(each => Chosen(parse.GetValue(training), each))],
                Rounds = Math.Max(1, parse.GetValue(rounds)),
                Steps = parse.GetValue(steps),
                Warmup = parse.GetValue(warmup),
                Threads = Math.Max(1, parse.GetValue(threads)),
                Python = parse.GetValue(python)!,
                Command = string.Join(' ', ["dotnet run -c Release --project tests/Benchmarks -- engine", .. arguments]),
            };
            var output = parse.GetValue(name);
            if (parse.GetValue(operators))
                await OperatorBenchmark.RunAsync(plan, output ?? "engine-operators", cancellation);
            else if (parse.GetValue(memory))
                await MemoryBenchmark.RunAsync(plan, output ?? "engine-memory", cancellation);
            else
                await StepBenchmark.RunAsync(plan, output ?? "engine", cancellation);
        });
        return await command.Parse(arguments).InvokeAsync();
    }

    private static bool Chosen(string? choice, string name) => choice == All || choice == name;

    private static Option<string> Choice(string name, string[] values) =>
        new Option<string>(name) { Description = "Restrict to one.", DefaultValueFactory = _ => All }.AcceptOnlyFromAmong([.. values, All]);
}
