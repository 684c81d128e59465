using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>One sweep with its runs in order and their final scores.</summary>
public sealed record SweepOverview(SweepProgress Progress, IReadOnlyList<RunRow> Runs, RunScoreTable Scores)
{
    public SweepRow Sweep => Progress.Sweep;

    public IReadOnlyList<RunScoreGroup> Recipes { get; } = Scores.ByRecipe(Runs);

    public IReadOnlyList<long> Seeds { get; } = [.. Runs.Select(run => run.Seed).Distinct().Order()];
}
