using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>What a run has measured: curves, events (as they come), log, scores, masks.</summary>
internal static class RunReadingEndpoints
{
    private const int MostPoints = 10_000;

    public static void MapRunReadings(this IEndpointRouteBuilder routes)
    {
        var run = routes.MapGroup("/api/v1/runs/{id}").WithTags("runs");
        run.MapGet("/metrics", MetricsAsync).WithSummary("Curves by key on the run's one step axis, thinned to exact buckets; without key the names of the series.");
        run.MapGet("/events", EventsAsync).WithSummary("The journal after a sequence: a page of JSON, or a stream with Accept: text/event-stream (goes on after Last-Event-ID; rewound says from where on events come again).").Produces<RunEvents>(StatusCodes.Status200OK, "application/json", "text/event-stream");
        run.MapGet("/log", LogAsync).WithSummary("The journal's sentences as plain text.").Produces<string>(StatusCodes.Status200OK, "text/plain");
        run.MapGet("/scores", ScoresAsync).WithSummary("Every score with dataset, revision, split, slice, n and seed.");
        run.MapGet("/masks", MasksAsync).WithSummary("Kept share per layer and matrix of the run's last mask set.");
    }

    private static async Task<Ok<MetricAnswer>> MetricsAsync(string id, [AsParameters] MetricQuery query, LabDb db, RunMetrics metrics, CancellationToken cancellation)
    {
        var run = await RunActions.FindAsync(db, id, cancellation);
        if (query.MaxPoints is < 1 or > MostPoints)
            throw Problem.Invalid("max_points", $"{query.MaxPoints} is not from 1 to {MostPoints}.");
        var series = new List<MetricSeries>();
        foreach (var key in query.Key is { Length: > 0 } keys ? keys.Distinct() : [])
            series.AddRange(await metrics.ReadAsync(id, key, (query.From, query.To), query.MaxPoints ?? 1_000, cancellation));
        if (query.Key is not { Length: > 0 })
            series.AddRange((await metrics.KeysAsync(id, cancellation)).Select(key => new MetricSeries(key, "", 0, [])));
        return TypedResults.Ok(new MetricAnswer(id, run.LastSequence, series));
    }

    private static async Task<IResult> EventsAsync(string id, RunCursor? after, HttpRequest request, LabDb db, RunStream stream, CancellationToken cancellation)
    {
        await RunActions.FindAsync(db, id, cancellation);
        if (request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            var seen = RunCursor.TryParse(request.Headers["Last-Event-ID"], null, out var last) ? last : after ?? default;
            return TypedResults.ServerSentEvents(SseAsync(stream, id, seen, cancellation));
        }
        var page = (await stream.ReadAsync(id, after ?? default, cancellation))!;
        return TypedResults.Ok(page);
    }

    private static async IAsyncEnumerable<SseItem<string>> SseAsync(RunStream stream, string id, RunCursor after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in stream.FollowAsync(id, after, cancellation))
        {
            if (page.Rewound)
                yield return new SseItem<string>($$"""{"from_sequence":{{page.FromSequence}}}""", "rewound") { EventId = $"{new RunCursor(page.FromSequence, page.Run.Rewinds)}" };
            foreach (var item in page.Items)
                yield return new SseItem<string>(item.GetRawText(), item.GetProperty("event").GetString()) { EventId = $"{new RunCursor(item.GetProperty("sequence").GetInt64(), page.Run.Rewinds)}" };
            yield return new SseItem<string>(JsonSerializer.Serialize(page.Run, RunJson.Options), "status");
        }
    }

    private static async Task<PushStreamHttpResult> LogAsync(string id, LabDb db, CancellationToken cancellation)
    {
        await RunActions.FindAsync(db, id, cancellation);
        return TypedResults.Stream(body => WriteLogAsync(body, RunLog.All(db, id), cancellation), "text/plain; charset=utf-8");
    }

    private static async Task WriteLogAsync(Stream body, IAsyncEnumerable<LogLine> lines, CancellationToken cancellation)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
            await body.WriteAsync(Encoding.UTF8.GetBytes($"{line.Time.UtcDateTime:u} {line.Text}\n"), cancellation);
    }

    private static async Task<Ok<Page<ScoreView>>> ScoresAsync(string id, LabDb db, CancellationToken cancellation)
    {
        await RunActions.FindAsync(db, id, cancellation);
        var rows = await db.Scores.AsNoTracking().Where(score => score.RunId == id).OrderBy(score => score.StageOrdinal).ThenBy(score => score.Id).ToListAsync(cancellation);
        return TypedResults.Ok(new Page<ScoreView>([.. rows.Select(ScoreView.Of)]));
    }

    private static async Task<Ok<MaskView>> MasksAsync(string id, LabDb db, CancellationToken cancellation)
    {
        await RunActions.FindAsync(db, id, cancellation);
        return TypedResults.Ok(await MaskView.ReadAsync(db, id, cancellation) ?? throw Problem.NotFound("mask set of run", id));
    }
}

/// <summary>Which curves.</summary>
/// <param name="Key">Series; may be repeated.</param>
/// <param name="From">First step.</param>
/// <param name="To">Last step.</param>
/// <param name="MaxPoints">At most so many buckets a series and stage; 1,000 unless said.</param>
internal sealed record MetricQuery(string[]? Key, int? From, int? To, [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "max_points")] int? MaxPoints);

/// <summary>A score as REST shows it.</summary>
public sealed record ScoreView(string Stage, string StageHash, string Dataset, string DatasetSha256, string Split, string Slice, string Metric, double Value, int N, long Seed, int? CheckpointStep, bool IsFinal)
{
    public static ScoreView Of(ScoreRow row) =>
        new(row.Stage, row.StageHash, row.Dataset, row.DatasetSha256, row.Split, row.Slice, row.Metric, row.Value, row.N, row.Seed, row.CheckpointStep, row.IsFinal);
}
