using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Groups of runs with exact statistics of their final scores: mean, standard deviation and 95 % interval over seeds.</summary>
internal sealed class RunGroups(IDbContextFactory<LabDb> databases)
{
    public async Task<IReadOnlyList<GroupView>> ReadAsync(GroupQuery query, CancellationToken cancellation)
    {
        var by = GroupKeys.Parse(query.By);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var runs = await RunList.Filtered(db, query.Filter)
            .Select(run => new GroupedRun(run.Id, run.RecipeHash, run.Seed, run.Rerun, run.State, run.Name, run.Cell, run.Task, run.Model, run.Paradigm, run.Pruning, run.FineTuningObjective, run.PruningObjective, run.Sparsity, run.CreatedAt))
            .ToListAsync(cancellation);
        var scores = await ScoresAsync(db, query, cancellation);
        return [.. runs.OrderBy(run => run.CreatedAt).GroupBy(run => GroupKeys.Of(run, by)).Select(group => ViewOf(group.Key, [.. group], scores))];
    }

    private static async Task<ILookup<string, GroupedScore>> ScoresAsync(LabDb db, GroupQuery query, CancellationToken cancellation)
    {
        var slice = query.Slice ?? "all";
        var rows = db.Scores.AsNoTracking().Where(score => score.IsFinal && score.Slice == slice);
        if (query.Dataset is { Length: > 0 } dataset)
            rows = rows.Where(score => score.Dataset == dataset);
        if (query.Metric is { Length: > 0 } metric)
            rows = rows.Where(score => score.Metric == metric);
        if (query.Filter is { Length: > 0 })
            rows = rows.Where(score => RunList.Filtered(db, query.Filter).Any(run => run.Id == score.RunId));
        var read = await rows.Select(score => new GroupedScore(score.RunId, score.Dataset, score.Split, score.Slice, score.Metric, score.Value, score.N)).ToListAsync(cancellation);
        return read.ToLookup(score => score.RunId);
    }

    private static GroupView ViewOf(GroupKeys keys, IReadOnlyList<GroupedRun> runs, ILookup<string, GroupedScore> scores)
    {
        var summaries = from run in runs
                        from score in scores[run.Id]
                        group new SeedValue(run.RecipeHash, run.Seed, run.Rerun, score.Value, score.N) by (score.Dataset, score.Split, score.Slice, score.Metric) into cell
                        orderby cell.Key
                        select ScoreSummary.Of(cell.Key, SeedMeasure.Of(cell)!);
        return new GroupView
        {
            Keys = keys.Shown(runs[0]),
            Cell = Single(runs.Select(run => run.Cell)),
            Name = Single(runs.Select(run => run.Name)),
            RunCount = runs.Count,
            RecipeCount = runs.Select(run => run.RecipeHash).Distinct().Count(),
            Seeds = [.. runs.Select(run => run.Seed).Distinct().Order()],
            States = runs.CountBy(run => run.State).OrderBy(count => count.Key).ToDictionary(count => count.Key.Word(), count => count.Value),
            Scores = [.. summaries],
        };
    }

    private static string? Single(IEnumerable<string?> names) => names.Distinct().Take(2).ToList() is [var only] ? only : null;
}

/// <summary>A run as far as groups need it.</summary>
internal sealed record GroupedRun(
    string Id, string RecipeHash, long Seed, int Rerun, RunState State, string? Name, string? Cell,
    string Task, string Model, string Paradigm, string? Pruning, string? FineTuningObjective, string? PruningObjective, double? Sparsity, DateTimeOffset CreatedAt);

/// <summary>A final score as far as groups need it.</summary>
internal sealed record GroupedScore(string RunId, string Dataset, string Split, string Slice, string Metric, double Value, int N);
