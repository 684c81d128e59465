using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Nodes;

/// <summary>The queue as REST and pages show it.</summary>
public sealed record QueueView
{
    /// <summary>Being worked on, or finishing their step to be cancelled.</summary>
    public required IReadOnlyList<QueueItem> Running { get; init; }

    /// <summary>Between two attempts.</summary>
    public required IReadOnlyList<QueueItem> Recovering { get; init; }

    /// <summary>Waiting, in the order in which they will begin, those of paused sweeps last; at most 1,000.</summary>
    public required IReadOnlyList<QueueItem> Queued { get; init; }

    /// <summary>How many wait in all.</summary>
    public required int QueuedCount { get; init; }

    /// <summary>How many of them wait because their sweep is paused.</summary>
    public required int HeldCount { get; init; }

    /// <summary>Workers alive; each works on one run at a time.</summary>
    public required int WorkerCount { get; init; }
}

/// <summary>A run in the queue.</summary>
public sealed record QueueItem
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Cell { get; init; }

    public required long Seed { get; init; }

    public required string Task { get; init; }

    public string? Pruning { get; init; }

    [OneOfRunStates]
    public required string State { get; init; }

    public required int Priority { get; init; }

    /// <summary>Place among the waiting, from 1; absent for a run that is held back or worked on.</summary>
    public int? Position { get; init; }

    /// <summary>Why it is not being worked on.</summary>
    public string? WaitingReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public string? Node { get; init; }

    public string? Stage { get; init; }

    public int? Step { get; init; }

    public int? TotalSteps { get; init; }

    internal string Title => RunWords.Title(Cell, Name, Id);
}
