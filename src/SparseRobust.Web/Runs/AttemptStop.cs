namespace SparseRobust.Web.Runs;

internal enum StopReason
{
    None,
    Cancel,
    Shutdown,
    LeaseLost,
}

/// <summary>Renews an attempt's lease every second and stops the attempt when somebody asks for it, this node shuts down, or the lease is lost.</summary>
/// <remarks>While the database cannot be reached nobody else can take the lease either, so training goes on: what it writes meanwhile are files, under the run folder's lock.</remarks>
internal sealed class AttemptStop : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly RunLease _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly CancellationTokenRegistration _shutdown;

    public AttemptStop(RunLease lease, TimeSpan silence, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        (_lease, _time, _logger) = (lease, time, logger);
        _shutdown = shutdown.Register(() => Stop(StopReason.Shutdown));
        _ = RenewAsync(silence);
    }

    public StopReason Why { get; private set; }

    /// <summary>Cancelled for whatever reason.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Cancelled only when what this attempt writes no longer counts.</summary>
    public CancellationToken LeaseLost => _lost.Token;

    public void Dispose()
    {
        _done.Cancel();
        _shutdown.Dispose();
    }

    private async Task RenewAsync(TimeSpan silence)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        var renewed = _time.GetTimestamp();
        while (!_done.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_done.Token);
                Heed(await _lease.RenewAsync(_done.Token));
                renewed = _time.GetTimestamp();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // Nobody waits for this loop: whatever happened, it goes on, or the run would seem lost.
                if (_time.GetElapsedTime(renewed) > silence)
                    _logger.LogWarning("Run {Run}: the lease could not be renewed for {Seconds:0} s ({Message})", _lease.RunId, _time.GetElapsedTime(renewed).TotalSeconds, e.Message);
            }
        }
    }

    private void Heed(LeaseState state)
    {
        if (state == LeaseState.CancelAsked)
            Stop(StopReason.Cancel);
        if (state == LeaseState.Lost)
        {
            Stop(StopReason.LeaseLost);
            _lost.Cancel();
        }
    }

    private void Stop(StopReason reason)
    {
        lock (_stop)
        {
            // A lost lease outranks whatever was asked before: it forbids writing the end.
            if (Why == StopReason.None || reason == StopReason.LeaseLost)
                Why = reason;
        }
        _stop.Cancel();
    }
}
