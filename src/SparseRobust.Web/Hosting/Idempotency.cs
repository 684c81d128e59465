using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Hosting;

/// <summary>A request with an Idempotency-Key is done once; when it comes again within a day it gets the first answer.</summary>
internal static class Idempotency
{
    private const string Header = "Idempotency-Key";
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    // An answer that takes longer will never come: the server that was at it has died.
    private static readonly TimeSpan Answering = TimeSpan.FromMinutes(5);

    /// <summary>Marks an endpoint; the work is <see cref="UseIdempotency"/>'s.</summary>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new IdempotentEndpoint());

    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotentEndpoint>() is null || context.Request.Headers[Header].ToString() is not { Length: > 0 } key)
            await next(context);
        else if (key.Length > 200)
            throw Problem.Invalid(Header, "has more than 200 characters.");
        else
            await OnceAsync(context, next, key);
    });

    private static async Task OnceAsync(HttpContext context, RequestDelegate next, string key)
    {
        var db = context.RequestServices.GetRequiredService<LabDb>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var hash = await HashAsync(context.Request);
        var (forgotten, abandoned) = (time.GetUtcNow() - Memory, time.GetUtcNow() - Answering);
        await db.IdempotencyKeys.Where(row => row.CreatedAt < forgotten || (row.Status == null && row.CreatedAt < abandoned)).ExecuteDeleteAsync(context.RequestAborted);
        if (await TryBeginAsync(db, key, hash, time.GetUtcNow(), context.RequestAborted))
            await AnswerAsync(context, next, db, key);
        else
            await RepeatAsync(context, await db.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key, context.RequestAborted), hash);
    }

    private static async Task<bool> TryBeginAsync(LabDb db, string key, string hash, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Database.ExecuteSqlAsync($"insert into idempotency_keys (key, request_sha256, created_at) values ({key}, {hash}, {now}) on conflict do nothing", cancellation) == 1;

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, LabDb db, string key)
    {
        var body = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        try
        {
            await next(context);
        }
        catch
        {
            // A request that failed has done nothing; the same key may try again.
            await db.IdempotencyKeys.Where(row => row.Key == key).ExecuteDeleteAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            context.Response.Body = body;
        }
        await RememberAsync(db, key, context.Response, copy);
        copy.Position = 0;
        await copy.CopyToAsync(body, context.RequestAborted);
    }

    private static async Task RememberAsync(LabDb db, string key, HttpResponse response, MemoryStream copy)
    {
        var rows = db.IdempotencyKeys.Where(row => row.Key == key);
        if (response.StatusCode >= 400)
        {
            await rows.ExecuteDeleteAsync(CancellationToken.None);
            return;
        }
        var text = System.Text.Encoding.UTF8.GetString(copy.GetBuffer(), 0, (int)copy.Length);
        await rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, response.StatusCode).SetProperty(row => row.Location, response.Headers.Location.ToString()).SetProperty(row => row.Body, text), CancellationToken.None);
    }

    private static async Task RepeatAsync(HttpContext context, IdempotencyRow? row, string hash)
    {
        if (row is null || row.RequestSha256 != hash)
            throw new Problem("IdempotencyConflict", "This Idempotency-Key came with another request before. Use a new key for a new request.");
        if (row.Status is null)
            throw new Problem("IdempotencyConflict", "The first request with this Idempotency-Key is still being answered. Ask again in a moment.");
        context.Response.StatusCode = row.Status.Value;
        context.Response.Headers["Idempotency-Replayed"] = "true";
        if (row.Location is { Length: > 0 })
            context.Response.Headers.Location = row.Location;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(row.Body ?? "", context.RequestAborted);
    }

    private static async Task<string> HashAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        var buffer = new byte[16384];
        int read;
        while ((read = await request.Body.ReadAsync(buffer)) > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>That an endpoint honours the Idempotency-Key.</summary>
internal sealed class IdempotentEndpoint;
