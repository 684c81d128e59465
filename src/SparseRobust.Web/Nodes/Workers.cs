using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Nodes;

/// <summary>The web role's local workers: processes of their own, so that a crash in training never takes the site down.</summary>
internal static class Workers
{
    public static void AddWorkers(this IServiceCollection services, ServerOptions options, string connectionString)
    {
        var count = options.IsTrain ? 0 : options.Workers;
        services.AddSingleton<FrozenWorkers>();
        services.AddSingleton(provider => new WorkerSupervisor(
            new WorkerSupervisorOptions(count, index => Command(index, options, connectionString))
            {
                IsFrozen = provider.GetRequiredService<FrozenWorkers>().IsFrozenAsync,
                WhenReady = provider.GetRequiredService<ServerAddress>().ReadyAsync,
            },
            provider.GetRequiredService<ILogger<WorkerSupervisor>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => provider.GetRequiredService<WorkerSupervisor>());
    }

    // The connection string holds a password: in the environment only the same user sees it, among the arguments everybody does.
    private static ChildProcessStart Command(int index, ServerOptions options, string connectionString)
    {
        var threads = Math.Max(1, Environment.ProcessorCount / Math.Max(1, options.Workers));
        return WorkerCommand.ForThisProgram(index, "--storage", options.Storage, "--data", options.Data, "--device", options.Device) with
        {
            Environment = new Dictionary<string, string?>
            {
                ["ConnectionStrings__Lab"] = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 8 }.ConnectionString,
                ["SPARSEROBUST_THREADS"] = Environment.GetEnvironmentVariable("SPARSEROBUST_THREADS") ?? threads.ToString(CultureInfo.InvariantCulture),
            }.ToImmutableDictionary(),
        };
    }
}
