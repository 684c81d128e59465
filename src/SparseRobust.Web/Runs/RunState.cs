namespace SparseRobust.Web.Runs;

/// <summary>Where a run stands. The runs table is the truth; the job engine only delivers.</summary>
public enum RunState
{
    Queued,
    Running,

    /// <summary>Its worker was lost or stopped; another attempt goes on from the last checkpoint.</summary>
    Recovering,

    /// <summary>Asked to stop; the worker finishes its step and writes a checkpoint.</summary>
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
}

public static class RunStates
{
    public static bool IsEnded(this RunState state) => state is RunState.Succeeded or RunState.Failed or RunState.Cancelled;

    /// <summary>The word in JSON, pages and the database.</summary>
    public static string Word(this RunState state) => state.ToString().ToLowerInvariant();
}
