using System.Security.Cryptography;
using System.Text;

namespace SparseRobust.Web.Hosting;

/// <summary>What every request passes: on an open address the administrator's key; for changes a JSON body and, if one is sent, our own origin.</summary>
internal static class RequestGuard
{
    public const string KeyCookie = "sparserobust_key";

    public static IApplicationBuilder UseRequestGuard(this IApplicationBuilder app, ServerOptions options)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(options.AdminKey));
        return app.Use(async (context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "same-origin";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
            if (Refusal(context, options, key) is var (code, message))
                await ProblemMap.WriteAsync(context, code, message);
            else
                await next(context);
        });
    }

    private static (string Code, string Message)? Refusal(HttpContext context, ServerOptions options, byte[] key)
    {
        if (options.AdminKey.Length > 0 && !IsOpen(context.Request.Path) && !HasKey(context.Request, key))
            return ("KeyRequired", "Send the administrator's key as Authorization: Bearer KEY, or sign in at /login.");
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method))
            return null;
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && !IsOwn(origin, context.Request))
            return ("OriginRefused", $"Origin {origin} is not this server. A page of another site may not change anything here.");
        return null;
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, new HostString(request.Host.Value ?? "").Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsOpen(PathString path) => path.StartsWithSegments("/health") || path == "/login" || path.StartsWithSegments("/css") || path.StartsWithSegments("/dist") || path == "/favicon.svg";

    private static bool HasKey(HttpRequest request, byte[] key)
    {
        var header = request.Headers.Authorization.ToString();
        var given = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : request.Cookies[KeyCookie] ?? "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), key);
    }
}
