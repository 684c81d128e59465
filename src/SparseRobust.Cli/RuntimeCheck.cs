using SparseRobust.Lab.Runs;

namespace SparseRobust.Cli;

/// <summary>Prints what the computation runs on, and loudly what is wrong with it.</summary>
internal static class RuntimeCheck
{
    public static void Print(bool warningsOnly)
    {
        var (summary, warnings) = Engine.Report();
        if (!warningsOnly)
            Console.WriteLine(summary);
        foreach (var warning in warnings)
            Console.Error.WriteLine($"WARNING: {warning}");
    }
}
