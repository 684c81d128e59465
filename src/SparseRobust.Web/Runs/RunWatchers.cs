using System.Collections.Concurrent;
using System.Threading.Channels;

namespace SparseRobust.Web.Runs;

/// <summary>Who on this node watches which run. A notice says only that something changed: what it was is read from the table, so a lost notice costs time and never content.</summary>
internal sealed class RunWatchers
{
    /// <summary>Where PostgreSQL's NOTIFY carries the id of a run that has new events or another state.</summary>
    public const string Channel = "lab_runs";

    private readonly ConcurrentDictionary<Guid, Subscription> _subscriptions = new();

    /// <summary>Watches one run, or all when <paramref name="runId"/> is null. Dispose to stop.</summary>
    public Subscription Watch(string? runId)
    {
        var subscription = new Subscription(this, runId);
        _subscriptions[subscription.Id] = subscription;
        return subscription;
    }

    public void Notify(string runId)
    {
        foreach (var subscription in _subscriptions.Values.Where(subscription => subscription.RunId is null || subscription.RunId == runId))
            subscription.Wake();
    }

    /// <summary>Wakes everybody: something may have been missed.</summary>
    public void NotifyAll()
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Wake();
    }

    internal sealed class Subscription(RunWatchers owner, string? runId) : IDisposable
    {
        // One notice that waits is as good as many: whoever hears it reads all there is.
        private readonly Channel<bool> _notices = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public Guid Id { get; } = Guid.NewGuid();

        public string? RunId { get; } = runId;

        /// <summary>Ends when something has changed since it ended last, or since the subscription began.</summary>
        public async Task ChangedAsync(CancellationToken cancellation) => await _notices.Reader.ReadAsync(cancellation);

        public void Wake() => _notices.Writer.TryWrite(true);

        public void Dispose() => owner._subscriptions.TryRemove(Id, out _);
    }
}
