namespace SparseRobust.Web.Hosting;

/// <summary>Keeps local worker processes running beside the server: what training does to its process never reaches the pages.</summary>
internal sealed class WorkerSupervisor(WorkerSupervisorOptions options, ILogger<WorkerSupervisor> logger, TimeProvider time) : BackgroundService
{
    // Predictions are answered in this process, which must not wait for training.
    private const int Niceness = 5;

    private readonly WorkerStatus[] _workers = [.. Enumerable.Range(0, options.Count).Select(index => new WorkerStatus(index, null, null, 0, null))];

    public IReadOnlyList<WorkerStatus> Workers
    {
        get
        {
            lock (_workers) return [.. _workers];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.WhenReady is { } ready)
            await ready(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, options.Count).Select(index => KeepRunning(index, stoppingToken)));
    }

    private async Task KeepRunning(int index, CancellationToken stopping)
    {
        var delay = new RestartDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        while (!stopping.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var code = await Live(index, stopping);
            if (stopping.IsCancellationRequested) return;
            var pause = delay.After(time.GetElapsedTime(started));
            logger.LogWarning("Worker {Index} ended with exit code {ExitCode}; starting it again after {Pause}", index, code, pause);
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Update(index, worker => worker with { Restarts = worker.Restarts + 1 });
        }
    }

    private async Task<int?> Live(int index, CancellationToken stopping)
    {
        ChildProcess child;
        try
        {
            child = await ChildProcess.StartAsync(Start(index), line => Log(index, line));
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            logger.LogError(exception, "Worker {Index} cannot be started", index);
            return null;
        }

        Update(index, worker => worker with { ProcessId = child.Id, Started = time.GetUtcNow() });
        await WatchUntilEnd(index, child, stopping);
        var code = await child.Exit;
        Update(index, worker => worker with { ProcessId = null, Started = null, LastExitCode = code });
        return code;
    }

    private void Log(int index, string line) => logger.LogInformation("worker {Index}: {Line}", index, line);

    private ChildProcessStart Start(int index) => options.Worker(index) with { DeathSignal = UnixSignal.Kill, Niceness = Niceness };

    private async Task WatchUntilEnd(int index, ChildProcess child, CancellationToken stopping)
    {
        var wait = options.IsFrozen is null ? Timeout.InfiniteTimeSpan : options.FrozenGrace;
        while (!child.HasExited)
        {
            await Task.WhenAny(child.Exit, Task.Delay(wait, time, stopping));
            if (child.HasExited) return;
            if (stopping.IsCancellationRequested)
            {
                await Stop(index, child);
            }
            else if (await IsFrozen(index, stopping))
            {
                logger.LogWarning("Worker {Index} (process {ProcessId}) has no heartbeat any more; killing it", index, child.Id);
                child.Signal(UnixSignal.Kill);
                await child.Exit;
            }

            wait = options.FrozenInterval;
        }
    }

    private async Task<bool> IsFrozen(int index, CancellationToken stopping)
    {
        try
        {
            return await options.IsFrozen!(index, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // Heartbeats are in the database. When it cannot be asked, nothing is known about the worker.
            logger.LogWarning(exception, "Whether worker {Index} is alive cannot be found out", index);
            return false;
        }
    }

    private async Task Stop(int index, ChildProcess child)
    {
        child.Signal(UnixSignal.Terminate);
        if (await child.WaitAsync(options.StopTimeout, time)) return;
        logger.LogWarning("Worker {Index} (process {ProcessId}) did not end when asked to; killing it", index, child.Id);
        child.Signal(UnixSignal.Kill);
        await child.Exit;
    }

    private void Update(int index, Func<WorkerStatus, WorkerStatus> change)
    {
        lock (_workers) _workers[index] = change(_workers[index]);
    }
}
