using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Quartz;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>
/// The durable queue: Quartz on PostgreSQL delivers a run's id to a worker, again if that worker dies. Which runs are due is the runs table's to say.
/// The engine writes its jobs one by one under a lock that every worker needs, so it is given only the <see cref="Ahead"/> runs that come next.
/// </summary>
internal sealed class RunQueue(ISchedulerFactory schedulers, IDbContextFactory<LabDb> databases)
{
    /// <summary>The execution group that workers serve.</summary>
    public const string Group = "train";

    /// <summary>How many due runs the engine is given: more than all workers finish between two reconciliations, even when every stage is there already.</summary>
    public const int Ahead = 128;

    /// <summary>Queues a run whatever else waits.</summary>
    public async Task EnqueueAsync(RunRow run, CancellationToken cancellation) =>
        await ScheduleAsync(await schedulers.GetScheduler(cancellation), [run], cancellation);

    /// <summary>Commits what was launched together with its jobs, both or neither: the engine's rows are part of the same transaction.</summary>
    public async Task CommitAsync(LabDb db, IDbContextTransaction transaction, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        // The enlistment ends with this method's flow, so the commit belongs in here; after it the engine looks for work.
        using (scheduler.EnlistTransaction(transaction.GetDbTransaction()))
        {
            await FillAsync(db, scheduler, cancellation);
            // Whether a commit that was cancelled took place nobody knows.
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes a waiting run out of the queue; one that is being worked on is not affected.</summary>
    public Task RemoveAsync(string runId, CancellationToken cancellation) => RemoveAsync([runId], cancellation);

    /// <summary>Takes waiting runs out of the queue.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> runIds, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await RemoveAsync(scheduler, await KnownAsync(scheduler, cancellation), runIds, cancellation);
    }

    /// <summary>Queues what the table says is due next and the job engine does not know, so that a lost job loses no run; takes out what a paused sweep holds back.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await FillAsync(db, await schedulers.GetScheduler(cancellation), cancellation);
    }

    private static async Task FillAsync(LabDb db, IScheduler scheduler, CancellationToken cancellation)
    {
        // The engine is asked first: a run queued after this is found due below and queued again, which replaces the same with the same.
        var known = await KnownAsync(scheduler, cancellation);
        var held = await SweepHold.Held(db).Select(run => run.Id).ToArrayAsync(cancellation);
        await RemoveAsync(scheduler, known, held, cancellation);
        var next = await db.Runs.AsNoTracking()
            .Where(run => run.State == RunState.Queued || run.State == RunState.Recovering || run.State == RunState.Cancelling)
            .Where(run => !held.Contains(run.Id))
            .OrderBy(run => run.State == RunState.Queued).ThenBy(run => run.CreatedAt.AddDays(-run.Priority)).ThenBy(run => run.Id)
            .Take(Ahead).Listed().ToListAsync(cancellation);
        await ScheduleAsync(scheduler, [.. next.Where(run => !known.Contains(run.Id))], cancellation);
    }

    private static async Task<HashSet<string>> KnownAsync(IScheduler scheduler, CancellationToken cancellation) =>
        (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellation)).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);

    private static async Task RemoveAsync(IScheduler scheduler, HashSet<string> known, IEnumerable<string> runIds, CancellationToken cancellation)
    {
        if (runIds.Where(known.Contains).Select(id => new JobKey(id, Group)).ToList() is not { Count: > 0 } keys)
            return;
        try
        {
            await scheduler.DeleteJobs(keys, cancellation);
        }
        catch (SchedulerException) when (!cancellation.IsCancellationRequested)
        {
            // The engine may have been taking the job of a run that has just ended out itself; what it still knows goes now.
            var left = await KnownAsync(scheduler, cancellation);
            await scheduler.DeleteJobs([.. keys.Where(key => left.Contains(key.Name))], cancellation);
        }
    }

    private static async Task ScheduleAsync(IScheduler scheduler, IReadOnlyCollection<RunRow> runs, CancellationToken cancellation)
    {
        if (runs.Count > 0)
            await scheduler.ScheduleJobs(runs.ToDictionary(JobOf, run => (IReadOnlyCollection<ITrigger>)[TriggerOf(run)]), ScheduleJobOptions.Replacing, cancellation);
    }

    private static IJobDetail JobOf(RunRow run) => JobBuilder.Create<RunJob>().WithIdentity(run.Id, Group).RequestRecovery().Build();

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
        store.ConfigureStore(configure => (configure.RecoverFiringsCancelledByShutdown, configure.AcceptEnlistedTransactions) = (true, true));
        store.UseClustering(clustering =>
        {
            clustering.CheckinInterval = TimeSpan.FromSeconds(4);
            clustering.CheckinMisfireThreshold = TimeSpan.FromSeconds(12);
        });
    }
}
