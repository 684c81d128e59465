using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>What pages call a run, and how they write its time.</summary>
internal static class RunWords
{
    /// <summary>Among others, beside name and id, what tells it from them best: its cell in a preset or sweep, else its name, else its id.</summary>
    public static string Title(this RunRow run) => Title(run.Cell, run.Name, run.Id);

    public static string Title(string? cell, string? name, string id) => cell is { Length: > 0 } ? cell : name is { Length: > 0 } ? name : id;

    /// <summary>Alone, as a heading: name and cell, or what it is.</summary>
    public static string Heading(this RunRow run) => run is { Name: { } name, Cell: { Length: > 0 } cell } ? $"{name}: {cell}" : run.Name ?? run.Cell ?? $"{run.Task}, {run.Pruning ?? run.FineTuningObjective ?? run.Paradigm}";

    /// <summary>How long it has taken in whole seconds, up to now if it has not ended; null before it starts.</summary>
    public static string? Took(this RunRow run, DateTimeOffset now) =>
        run.StartedAt is { } start && (run.FinishedAt ?? now) - start is { Ticks: >= 0 } took ? Words.Duration(TimeSpan.FromSeconds((long)took.TotalSeconds), decimals: 0) : null;
}
