using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Events of a run that follow one another.</summary>
/// <param name="FromSequence">The sequence before the first item.</param>
/// <param name="Items">Events, each as JSON.</param>
/// <param name="Run">Where the run stands.</param>
/// <param name="Rewound">An attempt went back to a checkpoint: what the reader has after FromSequence will be done again.</param>
public sealed record RunEvents(long FromSequence, IReadOnlyList<JsonElement> Items, RunStatus Run, bool Rewound = false);

/// <summary>What lists and headings show of a run that moves.</summary>
public sealed record RunStatus(string Id, [property: OneOfRunStates] string State, string? Stage, int? Step, int? TotalSteps, long LastSequence);

/// <summary>A run's events as they come, from the table: what the hub and the event stream both send.</summary>
internal sealed class RunStream(IDbContextFactory<LabDb> databases, RunWatchers watchers)
{
    private const int PageEvents = 2_000;

    /// <summary>First what is there after <paramref name="after"/>, then whatever comes; ends when the run has ended and everything was sent.</summary>
    public async IAsyncEnumerable<RunEvents> FollowAsync(string runId, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var subscription = watchers.Watch(runId);
        RunStatus? told = null;
        after = Math.Max(0, after);
        while (true)
        {
            var page = await ReadAsync(runId, after, cancellation);
            if (page is null)
                yield break;
            if (page.Run.LastSequence < after)
            {
                after = page.Run.LastSequence;
                yield return page with { FromSequence = after, Items = [], Rewound = true };
                continue;
            }
            if (page.Items.Count > 0 || page.Run != told)
                yield return page;
            told = page.Run;
            after += page.Items.Count;
            if (page.Items.Count == PageEvents)
                continue;
            if (Enum.Parse<RunState>(page.Run.State, true).IsEnded())
                yield break;
            if (await KeptAsync(subscription.Notices, after, cancellation) is var keep && keep < after)
            {
                after = keep;
                yield return page with { FromSequence = after, Items = [], Rewound = true };
            }
        }
    }

    // Whatever has been said meanwhile is answered by one look at the table, but for where it was cut back to.
    private static async Task<long> KeptAsync(ChannelReader<RunNotice> notices, long after, CancellationToken cancellation)
    {
        var notice = await notices.ReadAsync(cancellation);
        do
        {
            if (notice.IsRewind)
                after = Math.Min(after, notice.From!.Value);
        }
        while (notices.TryRead(out notice!));
        return after;
    }

    /// <summary>One page of events; null when there is no such run.</summary>
    public async Task<RunEvents?> ReadAsync(string runId, long after, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await db.Runs.AsNoTracking().Where(row => row.Id == runId).Select(row => new { row.State, row.Stage, row.Step, row.TotalSteps, row.LastSequence }).SingleOrDefaultAsync(cancellation);
        if (run is null)
            return null;
        var bodies = await db.Events.AsNoTracking().Where(e => e.RunId == runId && e.Sequence > after).OrderBy(e => e.Sequence).Take(PageEvents).Select(e => e.Body).ToListAsync(cancellation);
        return new RunEvents(after, [.. bodies.Select(body => JsonElement.Parse(body))], new RunStatus(runId, run.State.Word(), run.Stage, run.Step, run.TotalSteps, run.LastSequence));
    }
}
