using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Datasets;
using SparseRobust.Web.Examples;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Nodes;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Predict;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Shell;
using SparseRobust.Web.Sweeps;

namespace SparseRobust.Web;

/// <summary>The server's table of contents: what each role holds, and what is answered where.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => Server.RunAsync(args);

    /// <summary>A host in its roles, on a database that is there.</summary>
    public static IHost Build(ServerOptions options, string connectionString)
    {
        if (!options.IsWeb)
        {
            var worker = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            AddShared(worker.Services, options, connectionString);
            worker.Services.AddRunAttempts();
            return worker.Build();
        }
        var builder = Server.CreateWebBuilder(options);
        AddShared(builder.Services, options, connectionString);
        if (options.IsTrain)
            builder.Services.AddRunAttempts();
        AddWeb(builder.Services, options, connectionString);
        var app = builder.Build();
        Map(app, options);
        return app;
    }

    private static void AddShared(IServiceCollection services, ServerOptions options, string connectionString)
    {
        services.AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton(new Storage(options.Storage));
        services.AddLabDatabase(connectionString, migrates: options.IsWeb);
        services.AddRunQueue(options, connectionString);
        services.AddHostedService<NodeHeartbeat>();
    }

    private static void AddWeb(IServiceCollection services, ServerOptions options, string connectionString)
    {
        services.AddApi();
        services.AddPages();
        services.AddRuns();
        services.AddSweeps();
        services.AddDatasets();
        services.AddNodes();
        services.AddPredict();
        services.AddArtifacts();
        services.AddExamples(options);
        services.AddWorkers(options, connectionString);
        services.AddSingleton<ServerAddress>().AddHostedService<QuickstartGuide>();
    }

    private static void Map(WebApplication app, ServerOptions options)
    {
        app.UseApi(options);
        app.MapRuns();
        app.MapRunReadings();
        app.MapRecipes();
        app.MapSweeps();
        app.MapGroups();
        app.MapDatasets();
        app.MapNodes();
        app.MapPredict();
        app.MapArtifacts();
        app.MapExamples();
        app.MapRunForms();
        app.MapHub<RunHub>("/hubs/runs");
        app.MapHealth();
        app.MapPages();
    }
}
