using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>Reads sweeps for REST and for pages.</summary>
internal sealed class SweepList(IDbContextFactory<LabDb> databases)
{
    private const int MostOnAPage = 1_000;

    /// <summary>A page, newest first.</summary>
    public async Task<Page<SweepView>> ReadAsync(SweepListQuery query, CancellationToken cancellation)
    {
        var size = query.PageSize ?? 50;
        if (size is < 1 or > MostOnAPage)
            throw Problem.Invalid("page_size", $"{size} is not from 1 to {MostOnAPage}.");
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = db.Sweeps.AsNoTracking();
        if (query.PageToken is { Length: > 0 } token)
        {
            var (time, id) = Parse(token);
            rows = rows.Where(sweep => sweep.CreatedAt < time || (sweep.CreatedAt == time && string.Compare(sweep.Id, id) < 0));
        }
        var items = await rows.OrderByDescending(sweep => sweep.CreatedAt).ThenByDescending(sweep => sweep.Id).Take(size + 1).ToListAsync(cancellation);
        var shown = items.Take(size).ToList();
        var counts = await CountsAsync(db, [.. shown.Select(sweep => sweep.Id)], cancellation);
        return new Page<SweepView>([.. shown.Select(sweep => SweepView.Of(sweep, counts[sweep.Id].ToDictionary()))], items.Count > size ? TokenOf(shown[^1]) : null);
    }

    /// <summary>One sweep with its recipe, grid and runs; null when there is none.</summary>
    public async Task<SweepView?> FindAsync(string sweepId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Sweeps.AsNoTracking().SingleOrDefaultAsync(sweep => sweep.Id == sweepId, cancellation) is not { } row)
            return null;
        var runs = await db.SweepRuns.AsNoTracking().Where(member => member.SweepId == sweepId)
            .Join(db.Runs, member => member.RunId, run => run.Id, (member, run) => new { member.Ordinal, run.Id, run.RecipeHash, run.Cell, run.Seed, run.State, run.Stage, run.Step, run.TotalSteps, run.StartedAt, run.FinishedAt, run.ProblemCode })
            .OrderBy(run => run.Ordinal).ToListAsync(cancellation);
        return SweepView.Of(row, runs.CountBy(run => run.State).ToDictionary()) with
        {
            Recipe = row.Recipe is null ? null : JsonElement.Parse(row.Recipe),
            Grid = row.Grid is null ? null : JsonElement.Parse(row.Grid),
            Items = [.. runs.Select(run => new SweepItem
            {
                RunId = run.Id, RecipeHash = run.RecipeHash, Cell = run.Cell, Seed = run.Seed, State = run.State.Word(), Stage = run.Stage, Step = run.Step, TotalSteps = run.TotalSteps,
                StartedAt = run.StartedAt, FinishedAt = run.FinishedAt, ProblemCode = run.ProblemCode,
            })],
        };
    }

    private static async Task<ILookup<string, KeyValuePair<RunState, int>>> CountsAsync(LabDb db, IReadOnlyList<string> sweeps, CancellationToken cancellation)
    {
        var counts = await db.SweepRuns.Where(member => sweeps.Contains(member.SweepId))
            .Join(db.Runs, member => member.RunId, run => run.Id, (member, run) => new { member.SweepId, run.State })
            .GroupBy(each => each).Select(group => new { group.Key.SweepId, group.Key.State, Count = group.Count() }).ToListAsync(cancellation);
        return counts.ToLookup(count => count.SweepId, count => KeyValuePair.Create(count.State, count.Count));
    }

    // Digits and a hexadecimal id: no need to encode it further.
    private static string TokenOf(SweepRow sweep) => string.Create(CultureInfo.InvariantCulture, $"{sweep.CreatedAt.UtcTicks}-{sweep.Id}");

    private static (DateTimeOffset Time, string Id) Parse(string token) =>
        token.Split('-') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(number, TimeSpan.Zero), id)
            : throw Problem.Invalid("page_token", "is not a token of ours. Take next_page_token from the page before, unchanged.");
}
