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

    /// <summary>Takes waiting runs out of the queue.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> runIds, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.DeleteJobs([.. runIds.Select(id => new JobKey(id, Group))], cancellation);
    }

    /// <summary>Queues what the table says is due and the job engine does not know, so that a crash between the two writes loses nothing; takes out what a paused sweep holds back.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // The engine is asked first: a run queued after this is found due below and queued again, which replaces the same with the same.
        var known = (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellation)).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        var held = await SweepHold.Held(db).Select(run => run.Id).ToListAsync(cancellation);
        var due = await db.Runs.Where(run => run.State == RunState.Queued || run.State == RunState.Recovering || run.State == RunState.Cancelling).Select(run => run.Id).ToListAsync(cancellation);
        if (held.Where(known.Contains).ToList() is { Count: > 0 } tooEarly)
            await RemoveAsync(tooEarly, cancellation);
        var missing = due.Except(held).Where(id => !known.Contains(id)).ToList();
        foreach (var run in await db.Runs.AsNoTracking().Where(run => missing.Contains(run.Id)).ToListAsync(cancellation))
            await EnqueueAsync(run, cancellation);
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
            quartz.ConfigureScheduler(scheduler => Identify(scheduler, options));
            if (options.IsTrain)
                Serve(quartz);
            else
                quartz.RefuseExecutionGroups(Group);
            quartz.UsePersistentStore(store => Share(store, connectionString));
        })
        .AddQuartzHostedService(service => service.WaitForJobsToComplete = true);

    private static void Identify(QuartzSchedulerOptions scheduler, ServerOptions options)
    {
        scheduler.InstanceName = "lab";
        scheduler.InstanceId = options.NodeId;
        scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);
        scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
    }

    // The laboratory's random generator belongs to the process: one run at a time.
    private static void Serve(IQuartzBuilder quartz)
    {
        quartz.ServeExecutionGroups(Group);
        quartz.UseExecutionLimits(limits => limits.ForGroup(Group, 1));
    }

    private static void Share(IPersistentStoreBuilder store, string connectionString)
    {
        store.UsePostgres(NpgsqlFactory.Instance, connectionString);
        store.ProvisionSchema();
        store.ConfigureStore(configure => configure.RecoverFiringsCancelledByShutdown = true);
        store.UseClustering(clustering =>
        {
            clustering.CheckinInterval = TimeSpan.FromSeconds(4);
            clustering.CheckinMisfireThreshold = TimeSpan.FromSeconds(12);
        });
    }
}
