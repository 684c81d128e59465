using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>What the roles need of this feature.</summary>
internal static class RunServices
{
    /// <summary>Both roles: the queue.</summary>
    public static void AddRunQueue(this IServiceCollection services, ServerOptions options, string connectionString) => RunQueue.Register(services, options, connectionString);

    /// <summary>The train role: attempts at runs.</summary>
    public static void AddRunAttempts(this IServiceCollection services) =>
        services.AddSingleton<RunEventStore>().AddSingleton<RunRecorder>().AddSingleton<RunComputer>().AddTransient<RunJob>();

    /// <summary>The web role: launching, reading, watching.</summary>
    public static void AddRuns(this IServiceCollection services)
    {
        services.AddSingleton<RunLauncher>().AddSingleton<RunActions>().AddSingleton<RunNotifier>().AddSingleton<RunList>().AddSingleton<RunReportReader>();
        services.AddSingleton<RunWatchers>().AddSingleton<RunStream>().AddSingleton<RunChanges>().AddSingleton<RunMetrics>().AddSingleton<RunEventStore>();
        services.AddSingleton<PlanData>().AddSingleton<StageHistory>().AddSingleton<RunPlanner>().AddSingleton<RunGroups>();
        services.AddHostedService<RunEventListener>();
        services.AddHostedService<RunWatch>();
    }
}
