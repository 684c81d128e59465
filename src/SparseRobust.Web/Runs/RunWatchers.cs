using System.Collections.Concurrent;
using System.Threading.Channels;

namespace SparseRobust.Web.Runs;

/// <summary>Who on this node watches which run. A notice never waits for a slow watcher: of many the oldest are dropped, since the table has it all.</summary>
internal sealed class RunWatchers
{
    private readonly ConcurrentDictionary<Guid, Subscription> _subscriptions = new();

    /// <summary>Watches one run, or all when <paramref name="runId"/> is null. Dispose to stop.</summary>
    public Subscription Watch(string? runId)
    {
        var subscription = new Subscription(this, runId);
        _subscriptions[subscription.Id] = subscription;
        return subscription;
    }

    public void Notify(RunNotice notice)
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Offer(notice);
    }

    /// <summary>Wakes everybody: something may have been missed.</summary>
    public void NotifyAll()
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Offer(new RunNotice { RunId = subscription.RunId ?? "" });
    }

    internal sealed class Subscription(RunWatchers owner, string? runId) : IDisposable
    {
        private readonly Channel<RunNotice> _notices = Channel.CreateBounded<RunNotice>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

        public Guid Id { get; } = Guid.NewGuid();

        public string? RunId { get; } = runId;

        public ChannelReader<RunNotice> Notices => _notices.Reader;

        public void Offer(RunNotice notice)
        {
            if (RunId is null || RunId == notice.RunId)
                _notices.Writer.TryWrite(notice);
        }

        public void Dispose() => owner._subscriptions.TryRemove(Id, out _);
    }
}
