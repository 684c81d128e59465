using Microsoft.EntityFrameworkCore;
using Npgsql;
using Quartz;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>The durable queue: Quartz on PostgreSQL delivers a run's id to a worker, again if that worker dies. Which runs are due is the runs table's to say; <see cref="ReconcileAsync"/> makes the two agree.</summary>
internal sealed class RunQueue(ISchedulerFactory schedulers, IDbContextFactory<LabDb> databases)
{
    /// <summary>The execution group that workers serve.</summary>
    public const string Group = "train";

    public async Task EnqueueAsync(RunRow run, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var job = JobBuilder.Create<RunJob>().WithIdentity(run.Id, Group).RequestRecovery().Build();
        await scheduler.ScheduleJob(job, [TriggerOf(run)], ScheduleJobOptions.Replacing, cancellation);
    }

    /// <summary>Takes a waiting run out of the queue; one that is being worked on is not affected.</summary>
    public async Task RemoveAsync(string runId, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.DeleteJob(new JobKey(runId, Group), cancellation);
    }

    /// <summary>Queues what the table says is due and the job engine does not know: a crash between the two writes loses nothing.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var due = await db.Runs.AsNoTracking()
            .Where(run => run.State == RunState.Queued || run.State == RunState.Recovering || run.State == RunState.Cancelling)
            .Where(run => !db.SweepRuns.Any(member => member.RunId == run.Id && db.Sweeps.Any(sweep => sweep.Id == member.SweepId && sweep.State == "paused")))
            .ToListAsync(cancellation);
        foreach (var run in due)
        {
            if (!await scheduler.Exists(new JobKey(run.Id, Group), cancellation))
                await EnqueueAsync(run, cancellation);
        }
    }

    // Quartz orders by fire time and uses priorities only between equal times, so a priority is a head start of a day.
    private static ITrigger TriggerOf(RunRow run) => TriggerBuilder.Create()
        .WithIdentity(run.Id, Group)
        .WithExecutionGroup(Group)
        .StartAt(run.CreatedAt.AddDays(-run.Priority))
        .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
        .Build();

    public static void Register(IServiceCollection services, ServerOptions options, string connectionString) => services
        .AddSingleton<RunQueue>()
        .AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "lab";
                scheduler.InstanceId = options.NodeId;
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            if (options.IsTrain)
            {
                // The laboratory's random generator belongs to the process: one run at a time.
                quartz.ServeExecutionGroups(Group);
                quartz.UseExecutionLimits(limits => limits.ForGroup(Group, 1));
            }
            else
            {
                quartz.RefuseExecutionGroups(Group);
            }
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, connectionString);
                store.ProvisionSchema();
                store.ConfigureStore(configure => configure.RecoverFiringsCancelledByShutdown = true);
                store.UseClustering(clustering =>
                {
                    clustering.CheckinInterval = TimeSpan.FromSeconds(3);
                    clustering.CheckinMisfireThreshold = TimeSpan.FromSeconds(8);
                });
            });
        })
        .AddQuartzHostedService(service => service.WaitForJobsToComplete = true);
}
