namespace SparseRobust.Web.Hosting;

/// <summary>Which local workers to keep running.</summary>
internal sealed record WorkerSupervisorOptions(int Count, Func<int, ChildProcessStart> Worker)
{
    /// <summary>Ends when the workers may start: a server that cannot take its port should not have begun anything.</summary>
    public Func<CancellationToken, Task>? WhenReady { get; init; }

    /// <summary>Whether a worker lives but works no more (its heartbeat is stale), so that it is killed and started again.</summary>
    public Func<int, CancellationToken, Task<bool>>? IsFrozen { get; init; }

    public TimeSpan FrozenInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A new worker's heartbeat is still that of the one before it, so it is not asked about at once.</summary>
    public TimeSpan FrozenGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker may take to write its checkpoint and end.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
