using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>A hub with one repository, that speaks as Hugging Face's does, and what it was asked. Tests put themselves before any answer.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Repository = "owner/tiny-bert";

    private readonly WebApplication _app;

    private FakeHub(WebApplication app) => _app = app;

    public string Commit { get; set; } = new('a', 40);

    /// <summary>The repository's files; weights are what a hub keeps elsewhere.</summary>
    public Dictionary<string, byte[]> Files { get; } = ModelFixture.Files();

    /// <summary>Whether the list of files says their sizes and digests.</summary>
    public bool SaysDigests { get; set; } = true;

    /// <summary>Answers in the place of the hub; false lets the hub answer.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>What was asked in turn: path, Range, Authorization.</summary>
    public ConcurrentQueue<(string Path, string Range, string Authorization)> Asked { get; } = new();

    public string Address => _app.Urls.First();

    public string Name => new Uri(Address).Authority;

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.Run(hub.AnswerAsync);
        await app.StartAsync();
        return hub;
    }

    public IEnumerable<string> RangesOf(string file) => Asked.Where(asked => asked.Path.EndsWith("/" + file, StringComparison.Ordinal)).Select(asked => asked.Range);

    /// <summary>Sends a file as the hub does, ranges and all.</summary>
    public async Task SendAsync(HttpContext context, string file)
    {
        var content = Files[file];
        context.Response.Headers["X-Linked-Etag"] = $"\"{DigestOf(file)}\"";
        context.Response.Headers["X-Linked-Size"] = $"{content.Length}";
        await Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true, entityTag: new($"\"{ModelFixture.Sha256(content)[..40]}\"")).ExecuteAsync(context);
    }

    /// <summary>Announces a file, sends a part of it and drops the connection.</summary>
    public async Task BreakOffAsync(HttpContext context, string file, int after)
    {
        context.Response.Headers.ETag = $"\"{ModelFixture.Sha256(Files[file])[..40]}\"";
        context.Response.ContentLength = Files[file].Length;
        await context.Response.Body.WriteAsync(Files[file].AsMemory(0, after));
        await context.Response.Body.FlushAsync();
        // So that what was sent has been taken before the connection goes.
        await Task.Delay(100);
        context.Abort();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Asked.Enqueue((path, context.Request.Headers.Range.ToString(), context.Request.Headers.Authorization.ToString()));
        if (await Before(context))
            return;
        if (path.StartsWith($"/api/models/{Repository}/revision/", StringComparison.Ordinal) && path.Split('/')[^1] is var revision && (revision == "main" || revision == Commit))
            await Results.Text(Listing(), "application/json").ExecuteAsync(context);
        else if (path.StartsWith($"/{Repository}/resolve/{Commit}/", StringComparison.Ordinal) && Files.ContainsKey(path.Split('/')[^1]))
            await SendAsync(context, path.Split('/')[^1]);
        else
            await Results.NotFound().ExecuteAsync(context);
    }

    private string Listing() => JsonSerializer.Serialize(new
    {
        id = Repository,
        sha = Commit,
        siblings = Files.Select(file => !SaysDigests ? (object)new { rfilename = file.Key }
            : IsLarge(file.Key) ? new { rfilename = file.Key, size = file.Value.Length, blobId = new string('0', 40), lfs = new { sha256 = DigestOf(file.Key), size = file.Value.Length, pointerSize = 130 } }
            : new { rfilename = file.Key, size = file.Value.Length, blobId = DigestOf(file.Key) }),
    });

    private string DigestOf(string file)
    {
        if (IsLarge(file))
            return ModelFixture.Sha256(Files[file]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {Files[file].Length}\0"));
        hash.AppendData(Files[file]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsLarge(string file) => !file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith(".txt", StringComparison.Ordinal) && !file.EndsWith(".md", StringComparison.Ordinal);
}
