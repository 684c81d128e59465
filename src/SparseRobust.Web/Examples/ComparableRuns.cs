using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Examples;

/// <summary>Finds the runs that a run can be compared with row by row.</summary>
internal sealed class ComparableRuns(IDbContextFactory<LabDb> databases)
{
    /// <summary>As many as people can choose from.</summary>
    public const int Most = 100;

    /// <summary>The run, and those of which a model was evaluated on a set of the same data: the newest first, the run itself only if it has several evaluations.</summary>
    /// <exception cref="Problem">NotFound: no such run.</exception>
    public async Task<(RunRow Run, IReadOnlyList<RunRow> Others)> FindAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await RunActions.FindAsync(db, runId, cancellation);
        var data = await db.Scores.Where(score => score.RunId == runId && score.Slice == "all").Select(score => new { score.DatasetSha256, score.StageHash }).Distinct().ToListAsync(cancellation);
        string[] hashes = [.. data.Select(each => each.DatasetSha256).Distinct()];
        var hasSeveral = data.Select(each => each.StageHash).Distinct().Count() > 1;
        var others = db.Runs.AsNoTracking().Where(other => (hasSeveral || other.Id != runId) && db.Scores.Any(score => score.RunId == other.Id && score.Slice == "all" && hashes.Contains(score.DatasetSha256)));
        return (run, await others.OrderByDescending(other => other.CreatedAt).ThenByDescending(other => other.Id).Take(Most).ToListAsync(cancellation));
    }
}
