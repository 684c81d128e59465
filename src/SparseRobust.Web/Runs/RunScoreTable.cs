using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>The final scores of runs that are shown together: one column for each dataset and split that any of them has, one number for each run.</summary>
public sealed class RunScoreTable
{
    private readonly Dictionary<(string RunId, ScoreColumn Column), ScoreCell> _cells = [];

    private RunScoreTable(IReadOnlyList<ScoreRow> scores)
    {
        // Losses are for curves. Of several metrics the accuracy is what the papers compare.
        var main = scores.Where(score => score.Metric != "loss")
            .GroupBy(score => (score.Dataset, score.Split))
            .Select(group => new ScoreColumn(group.Key.Dataset, group.Key.Split, group.Select(score => score.Metric).Distinct().OrderBy(metric => metric != "accuracy").ThenBy(metric => metric, StringComparer.Ordinal).First()));
        Columns = [.. main];
        foreach (var score in scores)
            _cells[(score.RunId, new ScoreColumn(score.Dataset, score.Split, score.Metric))] = new ScoreCell(score.Value, score.N);
    }

    /// <summary>In the order in which the runs were evaluated: the task's own dev set before the out-of-distribution sets.</summary>
    public IReadOnlyList<ScoreColumn> Columns { get; }

    public ScoreCell? this[string runId, ScoreColumn column] => _cells.GetValueOrDefault((runId, column));

    public static RunScoreTable Of(IReadOnlyList<ScoreRow> scores) => new(scores);

    public static async Task<RunScoreTable> ReadAsync(LabDb db, IReadOnlyCollection<string> runIds, CancellationToken cancellation)
    {
        var ids = runIds.ToArray();
        return new RunScoreTable(await db.Scores.AsNoTracking()
            .Where(score => score.IsFinal && score.Slice == "all" && ids.Contains(score.RunId))
            .OrderBy(score => score.Id).ToListAsync(cancellation));
    }

    /// <summary>One group for each recipe, in the order of the runs.</summary>
    public IReadOnlyList<RunScoreGroup> ByRecipe(IReadOnlyList<RunRow> runs) =>
        [.. runs.GroupBy(run => run.RecipeHash).Select(group => GroupOf([.. group]))];

    private RunScoreGroup GroupOf(IReadOnlyList<RunRow> runs) =>
        new(runs, Columns.ToDictionary(column => column, column => MeasureOf(runs, column)));

    private SeedMeasure? MeasureOf(IReadOnlyList<RunRow> runs, ScoreColumn column) =>
        SeedMeasure.Of(from run in runs let cell = this[run.Id, column] where cell is not null select new SeedValue(run.RecipeHash, run.Seed, run.Rerun, cell.Value, cell.N));
}

/// <summary>The runs of one recipe, and its scores over their seeds.</summary>
public sealed record RunScoreGroup(IReadOnlyList<RunRow> Runs, IReadOnlyDictionary<ScoreColumn, SeedMeasure?> Measures)
{
    public RunRow First => Runs[0];
}
