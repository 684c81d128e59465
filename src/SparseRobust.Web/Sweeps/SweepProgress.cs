using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>A sweep and how many of its runs are in each state.</summary>
public sealed record SweepProgress(SweepRow Sweep, IReadOnlyDictionary<RunState, int> States)
{
    public int Total => States.Values.Sum();

    public int Ended => States.Where(state => state.Key.IsEnded()).Sum(state => state.Value);

    /// <summary>What people see: what was asked for, until all runs have ended.</summary>
    public string Word => Sweep.State != SweepState.Active ? Sweep.State : Ended < Total ? States.ContainsKey(RunState.Running) ? "running" : "queued" : States.ContainsKey(RunState.Failed) ? "failed" : "succeeded";
}

/// <summary>One sweep with its runs in its own order.</summary>
internal sealed record SweepMembers(SweepProgress Progress, IReadOnlyList<RunRow> Runs);
