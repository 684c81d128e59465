using Microsoft.EntityFrameworkCore;
using Npgsql;
using Quartz;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>One attempt at a run, on a worker. Quartz delivers it, again after a crash; the lease says whether it counts.</summary>
[DisallowConcurrentExecution]
internal sealed class RunJob(IDbContextFactory<LabDb> databases, NpgsqlDataSource database, RunEventStore store, RunRecorder recorder, RunComputer computer, ServerOptions options, TimeProvider time, ILogger<RunJob> logger) : IJob
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var runId = context.JobDetail.Key.Name;
        // Once begun, the end must be written even while this node shuts down.
        if (await RunLease.TakeAsync(database, runId, options.NodeId, cancellationToken) is not { } lease)
            return;
        logger.LogInformation("Run {Run}: attempt {Epoch} begins", runId, lease.Epoch);
        using var stop = new AttemptStop(lease, options.LeaseSilence, time, logger, cancellationToken);
        var end = await AttemptAsync(lease, stop);
        if (end is not null && await UntilDatabaseAnswersAsync(() => lease.EndAsync(end, CancellationToken.None), stop))
            logger.LogInformation("Run {Run}: attempt {Epoch} ended, {Reason}{Problem}", runId, lease.Epoch, end.Reason, end.ProblemMessage is { } why ? $": {why}" : "");
        else
            logger.LogWarning("Run {Run}: attempt {Epoch} lost its lease; nothing more of it counts", runId, lease.Epoch);
    }

    /// <summary>How the attempt ended; null when its lease was lost.</summary>
    private async Task<AttemptEnd?> AttemptAsync(RunLease lease, AttemptStop stop)
    {
        try
        {
            var result = await ComputeAsync(lease, stop);
            return result is not null && await UntilDatabaseAnswersAsync(() => recorder.RecordAsync(lease, result, CancellationToken.None), stop)
                ? new AttemptEnd(RunState.Succeeded, "succeeded")
                : null;
        }
        catch (Exception e)
        {
            return EndOf(e, lease, stop);
        }
    }

    private AttemptEnd? EndOf(Exception exception, RunLease lease, AttemptStop stop)
    {
        switch (exception)
        {
            case OperationCanceledException:
                return stop.Why switch
                {
                    StopReason.Cancel => new AttemptEnd(RunState.Cancelled, "cancelled"),
                    StopReason.Shutdown => new AttemptEnd(RunState.Recovering, "shutdown"),
                    _ => null,
                };
            case LabException fault:
                return new AttemptEnd(RunState.Failed, "failed", fault.Code.ToString(), fault.Message);
            case var _ when DatabaseFault.Is(exception):
                // Not the run's fault: another attempt finds everything on disk.
                logger.LogWarning("Run {Run}: attempt {Epoch} lost the database ({Message})", lease.RunId, lease.Epoch, exception.Message);
                return new AttemptEnd(RunState.Recovering, "lost");
            default:
                logger.LogError(exception, "Run {Run} failed", lease.RunId);
                return new AttemptEnd(RunState.Failed, "failed", "Unexpected", exception.Message);
        }
    }

    /// <summary>The laboratory's result once every event is in the tables; null when the lease was lost.</summary>
    private async Task<RunResult?> ComputeAsync(RunLease lease, AttemptStop stop)
    {
        await using var db = await databases.CreateDbContextAsync(stop.Token);
        var row = await db.Runs.AsNoTracking().SingleAsync(run => run.Id == lease.RunId, stop.Token);
        var work = computer.Prepare(row);
        while (true)
        {
            stop.Token.ThrowIfCancellationRequested();
            var pump = new RunEventPump(store, lease, work.JournalPath, logger);
            var pumping = pump.RunAsync(stop.LeaseLost);
            try
            {
                return await work.RunAsync(pump, stop.Token) is var result && await CompleteAsync(pump, pumping) ? result : null;
            }
            catch (LabException e) when (e.Code == ProblemCode.RunLocked)
            {
                // A frozen worker still holds the folder. When it wakes up it finds its lease gone and lets go.
                await db.Runs.Where(run => run.Id == lease.RunId && run.LeaseEpoch == lease.Epoch && run.State == RunState.Running)
                    .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Recovering).SetProperty(run => run.ProblemCode, nameof(ProblemCode.RunLocked)).SetProperty(run => run.ProblemMessage, e.Message), stop.Token);
                await Task.Delay(Patience, time, stop.Token);
            }
            finally
            {
                await CompleteAsync(pump, pumping);
            }
        }
    }

    private static async Task<bool> CompleteAsync(RunEventPump pump, Task<bool> pumping)
    {
        pump.Complete();
        return await pumping;
    }

    /// <summary>A database that is away at the very end delays the end; it does not lose it.</summary>
    private async Task<bool> UntilDatabaseAnswersAsync(Func<Task<bool>> write, AttemptStop stop)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (Exception e) when (DatabaseFault.Is(e) && stop.Why != StopReason.LeaseLost)
            {
                logger.LogWarning("The database cannot be reached ({Message}); trying again", e.Message);
                await Task.Delay(Patience, time, CancellationToken.None);
            }
        }
    }
}
