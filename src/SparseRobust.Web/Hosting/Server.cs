using System.Net;
using Microsoft.AspNetCore.Connections;

namespace SparseRobust.Web.Hosting;

/// <summary>The process: options, the private PostgreSQL if there is no other, the host, and words for the person who started it.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = ServerOptions.From(args);
            options = options with { Storage = StorageFolder(options.Storage) };
            await using var database = await DatabaseAsync(options);
            using var host = Program.Build(options, database?.ConnectionString ?? options.Connection);
            await StartAsync(host, options);
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (HostingException e)
        {
            await Console.Error.WriteLineAsync($"{e.Code}: {e.Message}");
            return 3;
        }
    }

    public static WebApplicationBuilder CreateWebBuilder(ServerOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "SparseRobust.Web", ContentRootPath = AppContext.BaseDirectory });
        // Behind an open address names are the operator's affair: a proxy's, or AllowedHosts in the environment.
        if (!options.IsLoopback && Environment.GetEnvironmentVariable("AllowedHosts") is null)
            builder.Configuration["AllowedHosts"] = "*";
        builder.WebHost.UseStaticWebAssets(); // else an unpublished server answers every asset with an empty 200
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 2 << 20;
            kestrel.AddServerHeader = false;
            if (options.Listen == "localhost")
                kestrel.ListenLocalhost(options.Port);
            else
                kestrel.Listen(IPAddress.Parse(options.Listen), options.Port);
        });
        return builder;
    }

    private static async Task StartAsync(IHost host, ServerOptions options)
    {
        try
        {
            await host.StartAsync();
        }
        catch (Exception e)
        {
            // What had started already would be cut off, and complain about it.
            await host.StopAsync();
            if (e is not IOException { InnerException: AddressInUseException })
                throw;
            throw new HostingException(HostingException.PortTaken, $"Port {options.Port} on {options.Listen} is taken by another program. Choose another with --port N (0 takes any free one), or stop that program.");
        }
        if (options.IsWeb)
            Console.WriteLine($"SparseRobust is ready at {((WebApplication)host).Urls.First()} (storage: {options.Storage}). Ctrl-C stops it; what runs goes on at the next start.");
    }

    private static async Task<EmbeddedPostgres?> DatabaseAsync(ServerOptions options)
    {
        if (options.Connection.Length > 0)
            return null;
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true));
        return await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(options.Storage), logging.CreateLogger<EmbeddedPostgres>(), CancellationToken.None);
    }

    private static string StorageFolder(string given) =>
        given.Length > 0 ? Path.GetFullPath(given) : EmbeddedPostgres.DefaultFolder(CheckoutAround(AppContext.BaseDirectory) ?? Environment.CurrentDirectory);

    private static string? CheckoutAround(string folder)
    {
        for (var up = new DirectoryInfo(folder); up is not null; up = up.Parent)
        {
            if (File.Exists(Path.Combine(up.FullName, "SparseRobustWeb.sln")))
                return up.FullName;
        }
        return null;
    }
}
