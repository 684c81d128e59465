using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Serving;

/// <summary>Limits of a <see cref="MicroBatcher"/>.</summary>
public sealed record MicroBatcherOptions
{
    /// <summary>Most tokens of one batch, padding included: rows times the longest row. A single longer row still runs, alone. Default 16384.</summary>
    [Range(1, 1 << 24)]
    public int MaxBatchTokens { get; init; } = 16384;

    /// <summary>Most texts accepted and not yet answered, waiting or in the batch being computed; more are refused. Default 512.</summary>
    [Range(1, 1 << 20)]
    public int MaxConcurrentRequests { get; init; } = 512;
}
