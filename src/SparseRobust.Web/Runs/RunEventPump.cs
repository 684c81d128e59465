using System.Threading.Channels;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Carries an attempt's events from the journal into the tables. The journal is the truth: a full channel or a lost database costs liveliness only, since what was missed is read from the file.</summary>
internal sealed class RunEventPump(RunEventStore store, RunLease lease, string journalPath, ILogger logger) : IRunObserver
{
    private const int BatchEvents = 5_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<RunEvent> _live = Bounded(20_000);
    private readonly RunProjection _projection = new();
    private long _projected;
    private long _stored;

    /// <summary>How many events may wait; those beyond are read from the journal.</summary>
    public int Capacity
    {
        init => _live = Bounded(value);
    }

    /// <summary>On the compute thread: hands over and returns.</summary>
    public void On(RunEvent runEvent) => _live.Writer.TryWrite(runEvent);

    /// <summary>No more events will come.</summary>
    public void Complete() => _live.Writer.TryComplete();

    /// <summary>Runs until every event is in the tables (after <see cref="Complete"/>) or the lease is lost (then false).</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        await _live.Reader.WaitToReadAsync(cancellation);
        // The attempt's first event tells where the journal was cut back to; what the table has beyond it will be done again.
        // Without any event the run was finished already, and the journal may still hold what an attempt that died could not store.
        var keep = _live.Reader.TryPeek(out var first) ? first.Sequence - 1 : long.MaxValue;
        if (!await RetryAsync(() => RewindAsync(keep, cancellation), cancellation))
            return false;
        while (true)
        {
            var more = await _live.Reader.WaitToReadAsync(cancellation);
            if (!await RetryAsync(() => StoreNewAsync(!more, cancellation), cancellation))
                return false;
            if (!more)
                return true;
            // Batches what comes within the interval, so that a fast training costs a few transactions a second, not hundreds.
            await Task.WhenAny(Task.Delay(Interval, cancellation), _live.Reader.Completion);
        }
    }

    private static Channel<RunEvent> Bounded(int capacity) => Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private async Task<bool> RewindAsync(long keep, CancellationToken cancellation)
    {
        _stored = await store.LastSequenceAsync(lease.RunId, cancellation);
        if (_stored <= keep)
            return true;
        if (!await store.RewindAsync(lease, keep, cancellation))
            return false;
        _stored = keep;
        return true;
    }

    private async Task<bool> StoreNewAsync(bool isLast, CancellationToken cancellation)
    {
        List<ProjectedEvent> batch = [.. Drain(isLast)];
        for (var start = 0; start < batch.Count; start += BatchEvents)
        {
            var part = batch.GetRange(start, Math.Min(BatchEvents, batch.Count - start));
            if (!await store.StoreAsync(lease, part, cancellation))
                return false;
            _stored = part[^1].Event.Sequence;
        }
        return true;
    }

    /// <summary>The events after the last stored one: from the channel when it is unbroken; from the journal when it is not, and once more at the end.</summary>
    private IEnumerable<ProjectedEvent> Drain(bool isLast)
    {
        var events = new List<RunEvent>();
        while (_live.Reader.TryRead(out var live))
        {
            if (live.Sequence > _projected)
                events.Add(live);
        }
        var inStep = _projected == _stored && !isLast;
        var unbroken = events.Count == 0 || (events[0].Sequence == _projected + 1 && events[^1].Sequence - events[0].Sequence == events.Count - 1);
        return (inStep && unbroken ? events : Reread()).Select(Project).Where(projected => projected.Event.Sequence > _stored);
    }

    /// <summary>The projection depends on what came before, so it starts anew.</summary>
    private IEnumerable<RunEvent> Reread()
    {
        _projection.Clear();
        return RunJournal.ReadAfter(journalPath, 0);
    }

    private ProjectedEvent Project(RunEvent runEvent)
    {
        _projected = runEvent.Sequence;
        return _projection.Apply(runEvent);
    }

    private async Task<bool> RetryAsync(Func<Task<bool>> write, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (Exception e) when (DatabaseFault.Is(e))
            {
                logger.LogWarning("Run {Run}: the database cannot be reached ({Message}); training goes on, its events wait in the journal", lease.RunId, e.Message);
                _projected = -1;
                await Task.Delay(RetryInterval, cancellation);
            }
        }
    }
}
