using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>/hubs/runs: pushes a run's events (Watch) or the state of all runs (WatchRuns) to a browser. Read-only.</summary>
internal sealed class RunHub(RunStream stream, RunWatchers watchers, RunChanges changes, IHubContext<RunHub> hub, ILogger<RunHub> logger) : Hub
{
    private const string Watches = "watches";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public override Task OnConnectedAsync()
    {
        Context.Items[Watches] = new ConcurrentDictionary<string, CancellationTokenSource>(StringComparer.Ordinal);
        return base.OnConnectedAsync();
    }

    /// <summary>From now on the caller gets events({from_sequence, items, run, rewound}) of the run, beginning after the sequence given, which was read when the run had been rewound so often. Asking again replaces the earlier watch.</summary>
    public void Watch(string runId, long afterSequence, int rewinds) => Begin(runId, (client, cancellation) => FollowAsync(client, runId, new RunCursor(afterSequence, rewinds), cancellation));

    /// <summary>From now on the caller gets runs({mark, items}) whenever runs change, beginning with those that changed since the mark given; null means now.</summary>
    public void WatchRuns(string? mark) => Begin("", (client, cancellation) => FollowAllAsync(client, mark, cancellation));

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        foreach (var watch in Mine.Values)
            watch.Cancel();
        return base.OnDisconnectedAsync(exception);
    }

    private ConcurrentDictionary<string, CancellationTokenSource> Mine => (ConcurrentDictionary<string, CancellationTokenSource>)Context.Items[Watches]!;

    private void Begin(string key, Func<IClientProxy, CancellationToken, Task> follow)
    {
        // The hub object is gone when this call returns; the client proxy stays.
        var client = hub.Clients.Client(Context.ConnectionId);
        var source = CancellationTokenSource.CreateLinkedTokenSource(Context.ConnectionAborted);
        Mine.AddOrUpdate(key, source, (_, earlier) =>
        {
            earlier.Cancel();
            return source;
        });
        _ = GuardedAsync(token => follow(client, token), source.Token);
    }

    private async Task GuardedAsync(Func<CancellationToken, Task> follow, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await follow(cancellation);
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (DatabaseFault.Is(e))
            {
                logger.LogWarning("A browser's live updates pause: {Message}", e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Nobody waits for this task, so nobody else would tell.
                logger.LogError(e, "A browser's live updates end");
                return;
            }
        }
    }

    private async Task FollowAsync(IClientProxy client, string runId, RunCursor after, CancellationToken cancellation)
    {
        await foreach (var page in stream.FollowAsync(runId, after, cancellation))
            await client.SendAsync("events", page, cancellation);
    }

    private async Task FollowAllAsync(IClientProxy client, string? mark, CancellationToken cancellation)
    {
        using var subscription = watchers.Watch(null);
        mark ??= await changes.MarkAsync(cancellation);
        while (true)
        {
            var changed = await changes.SinceAsync(mark, cancellation);
            if (changed.Items.Count > 0)
                await client.SendAsync("runs", changed, cancellation);
            mark = changed.Mark;
            await subscription.ChangedAsync(cancellation);
            await Task.Delay(Pause, cancellation);
        }
    }
}
