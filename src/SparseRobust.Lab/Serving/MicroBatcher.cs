using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Serving;

/// <summary>Answers many callers with few computations: one thread of its own, a bounded queue, batches by token budget. Thread-safe.</summary>
/// <remarks>
/// A batch starts as soon as the thread is free, with the oldest waiting input and all others of its predictor that fit
/// <see cref="MicroBatcherOptions.MaxBatchTokens"/>, in order of arrival; inputs that arrive as one group queue by length, which saves padding. Nobody waits for company: alone, an input is computed at once; under load
/// a batch gathers by itself while the one before it is computed, and the more the load, the larger it is. A waiting window would only add
/// its length to the first case, and find the queue already filled in the second.
/// </remarks>
public sealed class MicroBatcher : IDisposable
{
    private readonly WorkQueue _queue;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private long _batches;
    private long _computed;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1.</exception>
    public MicroBatcher(MicroBatcherOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatchTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentRequests, 1);
        _queue = new WorkQueue(options);
        _time = time;
        _thread = new Thread(Loop) { Name = "inference", IsBackground = true };
        // Not Start: the caller's ambient values (a trace, a request) must not stay with the thread for ever.
        _thread.UnsafeStart();
    }

    /// <summary>Inputs that wait, without those being computed.</summary>
    public int QueueLength => _queue.Length;

    /// <summary>Batches computed so far, failed ones included.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Inputs in those batches; divided by <see cref="Batches"/>, the mean batch size.</summary>
    public long Requests => Interlocked.Read(ref _computed);

    /// <summary>Answers one input.</summary>
    /// <param name="predictor">The model, which must live until the task ends; see <see cref="RunAsync"/>.</param>
    /// <param name="input">From the same predictor's <see cref="Predictor.Tokenize"/>.</param>
    /// <param name="cancellation">An input cancelled while it waits is not computed; one being computed is answered.</param>
    /// <exception cref="LabException">Overloaded, at once; as <see cref="Predictor.Logits"/> when the batch fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    /// <exception cref="ObjectDisposedException">The batcher was disposed, before the call or while the input waited.</exception>
    public async Task<PredictedRow> PredictAsync(Predictor predictor, TokenizedText input, CancellationToken cancellation) =>
        await Accept(predictor, [input], cancellation)[0].Answer;

    /// <summary>Answers several inputs, in their order. All are accepted or none, so a group counts as much towards the limit as its inputs one by one.</summary>
    /// <param name="predictor">The model, which must live until the task ends.</param>
    /// <param name="inputs">From the same predictor's <see cref="Predictor.Tokenize"/>; they may be computed in different batches.</param>
    /// <param name="cancellation">Inputs cancelled while they wait are not computed.</param>
    /// <exception cref="LabException">Overloaded, at once and for the whole group; as <see cref="Predictor.Logits"/> when a batch fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    /// <exception cref="ObjectDisposedException">The batcher was disposed, before the call or while an input waited.</exception>
    public async Task<IReadOnlyList<PredictedRow>> PredictAsync(Predictor predictor, IReadOnlyList<TokenizedText> inputs, CancellationToken cancellation) =>
        await Task.WhenAll(Accept(predictor, inputs, cancellation).Select(row => row.Answer));

    /// <summary>Runs an action on the inference thread, after everything queued before it and before everything queued after it: never while a batch computes.</summary>
    /// <remarks>For a model's first computation, and for its end: once no new inputs for a predictor are sent, RunAsync(predictor.Dispose) frees it when those sent have been answered.</remarks>
    /// <param name="action">Holds up all predictions while it runs. It must not dispose the batcher.</param>
    /// <returns>Ends as the action does, with its exception if it throws one.</returns>
    /// <exception cref="ObjectDisposedException">The batcher was disposed; the action will not run.</exception>
    public Task RunAsync(Action action)
    {
        var work = new QueuedAction(action);
        _queue.Add(work);
        return work.Done;
    }

    /// <summary>Refuses new work, fails what waits with <see cref="ObjectDisposedException"/>, and returns when the batch under way has been answered.</summary>
    public void Dispose()
    {
        foreach (var work in _queue.Close())
            work.Fail(new ObjectDisposedException(nameof(MicroBatcher), "The server is stopping; the input was not computed."));
        _thread.Join();
    }

    private QueuedRow[] Accept(Predictor predictor, IReadOnlyList<TokenizedText> inputs, CancellationToken cancellation)
    {
        foreach (var input in inputs)
            predictor.Require(input);
        var now = _time.GetTimestamp();
        QueuedRow[] rows = [.. inputs.Select(input => new QueuedRow(predictor, input, now, cancellation))];
        // Of one group nobody is overtaken: it is answered when its last row is. OrderBy keeps the order of equal lengths.
        _queue.Add([.. rows.OrderBy(row => row.Input.Tokens)]);
        return rows;
    }

    private void Loop()
    {
        while (_queue.Take() is { } work)
        {
            if (work[0] is QueuedAction action)
                action.Run();
            else
                Compute([.. work.Cast<QueuedRow>()]);
        }
    }

    private void Compute(QueuedRow[] rows)
    {
        var started = _time.GetTimestamp();
        float[][] logits;
        try
        {
            logits = rows[0].Predictor.Logits([.. rows.Select(row => row.Input)], CancellationToken.None);
        }
        catch (Exception e)
        {
            Count(rows.Length);
            foreach (var row in rows)
                row.Fail(e);
            return;
        }
        var elapsed = _time.GetElapsedTime(started);
        Count(rows.Length);
        for (var i = 0; i < rows.Length; i++)
            rows[i].Complete(new PredictedRow(
                PredictedRow.Softmax(logits[i]), logits[i], _time.GetElapsedTime(rows[i].AcceptedAt, started), elapsed, rows.Length, rows[i].Input.Tokens, rows[i].Input.WasTruncated));
    }

    // Before the answers go out: a caller that sends its next input at once must find room and true counts.
    private void Count(int rows)
    {
        _queue.Release(rows);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _computed, rows);
    }
}
