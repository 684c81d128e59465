using System.CommandLine;

namespace SparseRobust.Cli;

/// <summary>bench: how long a training step takes here.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Time training steps of a model on random rows.");
}
