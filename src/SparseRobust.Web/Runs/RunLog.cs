using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>A line of a run's log; its kind is the event's.</summary>
public sealed record LogLine(long Sequence, DateTimeOffset Time, string Kind, string Text);

/// <summary>A run's journal as sentences: all events but the measurements.</summary>
internal static class RunLog
{
    /// <summary>The last lines, oldest first.</summary>
    public static async Task<IReadOnlyList<LogLine>> ReadAsync(LabDb db, string runId, int most, CancellationToken cancellation)
    {
        var rows = await Told(db, runId).OrderByDescending(e => e.Sequence).Take(most).ToListAsync(cancellation);
        rows.Reverse();
        return [.. rows.Select(LineOf)];
    }

    /// <summary>All lines, oldest first, as they come from the database: a long run's are never in memory at once.</summary>
    public static IAsyncEnumerable<LogLine> All(LabDb db, string runId) => Told(db, runId).OrderBy(e => e.Sequence).AsAsyncEnumerable().Select(LineOf);

    private static IQueryable<EventRow> Told(LabDb db, string runId) => db.Events.AsNoTracking().Where(e => e.RunId == runId && e.Kind != "step_measured");

    private static LogLine LineOf(EventRow row) => new(row.Sequence, row.Time, row.Kind, Sentence(JsonSerializer.Deserialize<RunEvent>(row.Body, Lenient)!));

    // The rows hold run_step and values besides the event's own members.
    private static readonly JsonSerializerOptions Lenient = new(RunJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    public static string Sentence(RunEvent runEvent) => runEvent switch
    {
        RunStarted e => Invariant($"Attempt begins on {e.Device}: {e.Stages} stages, seed {e.Seed}"),
        StageStarted { FromStep: > 0 } e => Invariant($"{e.Stage} goes on from step {e.FromStep:N0} of {e.TotalSteps:N0} ({e.StageHash})"),
        StageStarted e => Invariant($"{e.Stage} begins{(e.TotalSteps > 0 ? Invariant($": {e.TotalSteps:N0} steps") : "")} ({e.StageHash})"),
        StageReused e => Invariant($"{e.Stage} was there already ({e.StageHash})"),
        StageFinished e => Invariant($"{e.Stage} done in {e.WallSeconds:0.0} s"),
        Evaluated e => Invariant($"{e.Stage}, step {e.Step:N0}: {string.Join("; ", e.Scores.Where(score => score.Slice == "all").Select(score => Invariant($"{score.Dataset} {score.Split} {score.Metric} {score.Value:0.0000} (n {score.N:N0}{(score.Sampled ? ", sample" : "")})")))}"),
        Noted e => $"{e.Stage}: {e.Text}",
        RunFinished e => Invariant($"Done in {e.WallSeconds:0.0} s"),
        RunFailed e => $"{e.Code}: {e.Message}",
        StepMeasured e => Invariant($"{e.Stage}, step {e.Step:N0}"),
        _ => runEvent.GetType().Name,
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
