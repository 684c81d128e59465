using System.Globalization;

namespace SparseRobust.Web.Nodes;

/// <summary>Why a run is not being worked on, in a sentence.</summary>
internal static class WaitingReasons
{
    public const string OfHeld = "Its sweep is paused; resume the sweep to let it begin.";

    private const string NoWorker = "No worker is alive. Look at the nodes, or start one with --roles train.";

    /// <param name="ahead">Runs that begin before it.</param>
    /// <param name="workers">Workers alive.</param>
    public static string OfQueued(int ahead, int workers) => (workers, ahead) switch
    {
        (0, _) => NoWorker,
        (_, 0) => "It is next: it begins when a worker is free.",
        (_, 1) => "One run is before it.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{ahead:N0} runs are before it."),
    };

    public static string OfRecovering(int workers) => workers == 0 ? NoWorker : "Its worker was lost or stopped; another attempt goes on from the last checkpoint.";
}
