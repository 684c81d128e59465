namespace SparseRobust.Lab.Serving;

/// <summary>Something that waits for the inference thread.</summary>
internal abstract class QueuedWork
{
    public abstract void Fail(Exception reason);
}

/// <summary>One input of one predictor.</summary>
internal sealed class QueuedRow(Predictor predictor, TokenizedText input, long acceptedAt, CancellationToken cancellation) : QueuedWork
{
    // Without this option the caller's code would run on the inference thread and hold up everyone.
    private readonly TaskCompletionSource<PredictedRow> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Predictor Predictor { get; } = predictor;

    public TokenizedText Input { get; } = input;

    /// <summary>A timestamp of the batcher's TimeProvider.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    public Task<PredictedRow> Answer => _answer.Task;

    public void Complete(PredictedRow row) => _answer.SetResult(row);

    public void Cancel() => _answer.SetCanceled(cancellation);

    public override void Fail(Exception reason) => _answer.SetException(reason);
}

/// <summary>Work other than prediction that must not overlap with it.</summary>
internal sealed class QueuedAction(Action action) : QueuedWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Run()
    {
        try
        {
            action();
            _done.SetResult();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public override void Fail(Exception reason) => _done.SetException(reason);
}
