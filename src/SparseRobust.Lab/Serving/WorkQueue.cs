using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Serving;

/// <summary>What waits for the inference thread, bounded, and which part of it is the next batch. Thread-safe; one thread takes.</summary>
internal sealed class WorkQueue(MicroBatcherOptions options)
{
    // Not a Lock, which cannot be waited on for a signal.
    private readonly object _gate = new();
    private List<QueuedWork> _waiting = [];
    private int _admitted;
    private bool _closed;

    /// <summary>Rows that wait.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
                return _waiting.Count(work => work is QueuedRow);
        }
    }

    /// <summary>Takes all rows in, or none.</summary>
    /// <exception cref="LabException">Overloaded.</exception>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public void Add(IReadOnlyList<QueuedRow> rows)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(MicroBatcher));
            if (rows.Count > options.MaxConcurrentRequests - _admitted)
                throw Overloaded(rows.Count);
            _admitted += rows.Count;
            _waiting.AddRange(rows);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Adds work that is neither counted nor refused.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public void Add(QueuedAction action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(MicroBatcher));
            _waiting.Add(action);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work. Gives one action, or rows of one predictor within the token budget; null once closed.</summary>
    public IReadOnlyList<QueuedWork>? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                DropCancelled();
                if (_closed)
                    return null;
                if (_waiting.Count > 0)
                    return TakeFront();
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Makes room for as many rows: they are about to be answered.</summary>
    public void Release(int rows)
    {
        lock (_gate)
            _admitted -= rows;
    }

    /// <summary>Lets nothing more in, and gives back what waited.</summary>
    public IReadOnlyList<QueuedWork> Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
            var left = _waiting;
            _waiting = [];
            return left;
        }
    }

    private LabException Overloaded(int rows) => new(ProblemCode.Overloaded, rows > options.MaxConcurrentRequests
        ? $"{rows} texts at once are more than the {options.MaxConcurrentRequests} that may ever wait: send them in smaller groups, or raise MaxConcurrentRequests."
        : $"{_admitted} of at most {options.MaxConcurrentRequests} texts are waiting or being computed, so {rows} more cannot be accepted: try again later.");

    // All of them, not only those of the next batch: a caller that went away must not keep others out.
    private void DropCancelled()
    {
        var cancelled = _waiting.OfType<QueuedRow>().Where(row => row.IsCancelled).ToList();
        if (cancelled.Count == 0)
            return;
        Remove(cancelled);
        _admitted -= cancelled.Count;
        foreach (var row in cancelled)
            row.Cancel();
    }

    // An action is a wall: what was queued before it runs before it, so a predictor disposed by an action still answers all that came earlier.
    private List<QueuedWork> TakeFront()
    {
        List<QueuedWork> taken = [_waiting[0]];
        if (_waiting[0] is QueuedRow oldest)
        {
            var longest = oldest.Input.Tokens;
            foreach (var row in _waiting.Skip(1).TakeWhile(work => work is QueuedRow).Cast<QueuedRow>().Where(row => ReferenceEquals(row.Predictor, oldest.Predictor)))
            {
                longest = Math.Max(longest, row.Input.Tokens);
                if ((long)longest * (taken.Count + 1) > options.MaxBatchTokens)
                    break;
                taken.Add(row);
            }
        }
        Remove(taken);
        return taken;
    }

    private void Remove(IEnumerable<QueuedWork> gone) => _waiting = [.. _waiting.Except(gone)];
}
