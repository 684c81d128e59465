using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Events of a run that follow one another.</summary>
/// <param name="FromSequence">The sequence before the first item.</param>
/// <param name="Items">Events, each as JSON.</param>
/// <param name="Run">Where the run stands.</param>
/// <param name="Rewound">An attempt went back to a checkpoint: what the reader has after FromSequence no longer counts, and the items come in its place.</param>
public sealed record RunEvents(long FromSequence, IReadOnlyList<JsonElement> Items, RunStatus Run, bool Rewound = false)
{
    /// <summary>Where whoever has read them stands.</summary>
    internal RunCursor End => new(FromSequence + Items.Count, Run.Rewinds);
}

/// <summary>What lists and headings show of a run that moves; Rewinds counts how often an attempt went back to a checkpoint.</summary>
public sealed record RunStatus(string Id, [property: OneOfRunStates] string State, string? Stage, int? Step, int? TotalSteps, long LastSequence, int Rewinds);

/// <summary>A run's events as they come, from the table: what the hub and the event stream both send.</summary>
internal sealed class RunStream(IDbContextFactory<LabDb> databases, RunWatchers watchers)
{
    private const int PageEvents = 2_000;

    /// <summary>First what is there after <paramref name="after"/>, then whatever comes; ends when the run has ended and everything was sent.</summary>
    public async IAsyncEnumerable<RunEvents> FollowAsync(string runId, RunCursor after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var subscription = watchers.Watch(runId);
        RunStatus? told = null;
        while (await ReadAsync(runId, after, cancellation) is { } page)
        {
            if (page.Items.Count > 0 || page.Run != told)
                yield return page;
            (told, after) = (page.Run, page.End);
            if (page.Items.Count == PageEvents)
                continue;
            if (Enum.Parse<RunState>(page.Run.State, true).IsEnded())
                yield break;
            await subscription.ChangedAsync(cancellation);
        }
    }

    /// <summary>One page of events; null when there is no such run.</summary>
    public async Task<RunEvents?> ReadAsync(string runId, RunCursor after, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // Before the events: a rewind between the two reads is then counted, and told, at the next.
        var run = await db.Runs.AsNoTracking().Where(row => row.Id == runId).Select(row => new { row.State, row.Stage, row.Step, row.TotalSteps, row.LastSequence, row.Rewinds }).SingleOrDefaultAsync(cancellation);
        if (run is null)
            return null;
        var unheard = run.Rewinds.Skip(after.Rewinds ?? run.Rewinds.Length);
        var from = Math.Max(0, unheard.Append(run.LastSequence).Append(after.Sequence).Min());
        var bodies = await db.Events.AsNoTracking().Where(e => e.RunId == runId && e.Sequence > from).OrderBy(e => e.Sequence).Take(PageEvents).Select(e => e.Body).ToListAsync(cancellation);
        var status = new RunStatus(runId, run.State.Word(), run.Stage, run.Step, run.TotalSteps, run.LastSequence, run.Rewinds.Length);
        return new RunEvents(from, [.. bodies.Select(body => JsonElement.Parse(body))], status, from < after.Sequence);
    }
}
