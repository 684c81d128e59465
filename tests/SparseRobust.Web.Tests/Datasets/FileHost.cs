using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>A web server that files are fetched from, and what it was asked.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileHost(WebApplication app) => _app = app;

    /// <summary>The Range header of each request in turn, empty where there was none.</summary>
    public ConcurrentQueue<string> Ranges { get; } = new();

    public Uri Address => new(_app.Urls.First());

    /// <summary>As the option names it.</summary>
    public string Name => Address.Authority;

    public Uri At(string path) => new(Address, path);

    public static async Task<FileHost> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var host = new FileHost(app);
        app.Run(async context =>
        {
            host.Ranges.Enqueue(context.Request.Headers.Range.ToString());
            await answer(context);
        });
        await app.StartAsync();
        return host;
    }

    /// <summary>Serves one file and honours ranges.</summary>
    public static Task<FileHost> OfAsync(byte[] content) => StartAsync(context => Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context));

    /// <summary>Announces a file, sends a part of it and breaks off.</summary>
    public static async Task BreakOffAsync(HttpContext context, byte[] content, int after)
    {
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content.AsMemory(0, after));
        await context.Response.Body.FlushAsync();
        // So that what was sent has been taken before the connection goes.
        await Task.Delay(100);
        context.Abort();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
