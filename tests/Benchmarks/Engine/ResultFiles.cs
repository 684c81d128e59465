using System.Globalization;
using System.Text.Json;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>Writes what was measured so far as Markdown and, with every single number, as JSON; after each case, so that an interrupted measurement leaves its part.</summary>
internal sealed class ResultFiles(string name, string title, string command, int threads)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Machine _machine = Machine.Describe(threads);

    public ResultFiles(string name, string title, EnginePlan plan)
        : this(name, title, plan.Command, plan.Threads)
    {
    }

    public void Write(IReadOnlyList<string> parts, object measured)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            # {title}

            {_machine.Date}, commit {_machine.Commit}: `{command}`

            {_machine.Processor}, {_machine.LogicalProcessors} processors, {_machine.Threads} threads, {_machine.Memory}, {_machine.Distribution}, {_machine.DotNet}, OpenBLAS core type {_machine.CoreType ?? "automatic"}; load at the start {_machine.Load:0.0}.
            """);
        File.WriteAllText(Path.Combine(Checkout.Results, $"{name}.md"), $"{string.Join("\n\n", [head, .. parts.Select(part => part.TrimEnd())])}\n");
        File.WriteAllText(Path.Combine(Checkout.Results, $"{name}.json"), JsonSerializer.Serialize(new { title, command, Machine = _machine, Measured = measured }, Options) + "\n");
    }
}
