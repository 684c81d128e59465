using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>Reads sweeps for REST and for pages.</summary>
internal sealed class SweepList(IDbContextFactory<LabDb> databases)
{
    /// <summary>A page, newest first.</summary>
    public async Task<(IReadOnlyList<SweepProgress> Items, string? NextPageToken)> ReadAsync(SweepListQuery query, CancellationToken cancellation)
    {
        var size = PageToken.Size(query.PageSize);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = db.Sweeps.AsNoTracking();
        if (PageToken.Parse(query.PageToken) is var (time, id))
            rows = rows.Where(sweep => sweep.CreatedAt < time || (sweep.CreatedAt == time && string.Compare(sweep.Id, id) < 0));
        var items = await rows.OrderByDescending(sweep => sweep.CreatedAt).ThenByDescending(sweep => sweep.Id).Take(size + 1).ToListAsync(cancellation);
        var shown = items.Take(size).ToList();
        var counts = await CountsAsync(db, [.. shown.Select(sweep => sweep.Id)], cancellation);
        var next = items.Count > size ? new PageToken(shown[^1].CreatedAt, shown[^1].Id).ToString() : null;
        return ([.. shown.Select(sweep => new SweepProgress(sweep, counts[sweep.Id].ToDictionary()))], next);
    }

    /// <summary>One sweep with its runs; null when there is none.</summary>
    public async Task<SweepMembers?> FindAsync(string sweepId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Sweeps.AsNoTracking().SingleOrDefaultAsync(sweep => sweep.Id == sweepId, cancellation) is not { } row)
            return null;
        var order = await db.SweepRuns.Where(member => member.SweepId == sweepId).ToDictionaryAsync(member => member.RunId, member => member.Ordinal, cancellation);
        var runs = await db.Runs.AsNoTracking().Where(run => db.SweepRuns.Any(member => member.SweepId == sweepId && member.RunId == run.Id)).Listed().ToListAsync(cancellation);
        List<RunRow> members = [.. runs.OrderBy(run => order.GetValueOrDefault(run.Id))];
        return new SweepMembers(new SweepProgress(row, members.CountBy(run => run.State).ToDictionary()), members);
    }

    /// <summary>One sweep with its runs and their scores; null when there is none.</summary>
    public async Task<SweepOverview?> FindWithScoresAsync(string sweepId, CancellationToken cancellation)
    {
        if (await FindAsync(sweepId, cancellation) is not { } found)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return new SweepOverview(found.Progress, found.Runs, await RunScoreTable.ReadAsync(db, [.. found.Runs.Select(run => run.Id)], cancellation));
    }

    private static async Task<ILookup<string, KeyValuePair<RunState, int>>> CountsAsync(LabDb db, IReadOnlyList<string> sweeps, CancellationToken cancellation)
    {
        var counts = await db.SweepRuns.Where(member => sweeps.Contains(member.SweepId))
            .Join(db.Runs, member => member.RunId, run => run.Id, (member, run) => new { member.SweepId, run.State })
            .GroupBy(each => each).Select(group => new { group.Key.SweepId, group.Key.State, Count = group.Count() }).ToListAsync(cancellation);
        return counts.ToLookup(count => count.SweepId, count => KeyValuePair.Create(count.State, count.Count));
    }
}
