using System.Security.Cryptography;
using System.Text;

namespace SparseRobust.Web.Hosting;

/// <summary>What every request passes: on an open address the administrator's key; for changes a JSON body and, if one is sent, our own origin.</summary>
internal static class RequestGuard
{
    public const string KeyCookie = "sparserobust_key";

    public static IApplicationBuilder UseRequestGuard(this IApplicationBuilder app, ServerOptions options)
    {
        return app.Use(async (context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "same-origin";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
            if (Refusal(context, options) is not var (code, message))
                await next(context);
            else if (code == "KeyRequired" && !Api.IsForMachines(context.Request))
                context.Response.Redirect("/login");
            else
                await ProblemMap.WriteAsync(context, code, message);
        });
    }

    private static (string Code, string Message)? Refusal(HttpContext context, ServerOptions options)
    {
        if (options.AdminKey.Length > 0 && !IsOpen(context.Request.Path) && !IsKey(KeyOf(context.Request), options))
            return ("KeyRequired", "Send the administrator's key as Authorization: Bearer KEY, or sign in at /login.");
        // A browser lets any page open a web socket anywhere and read from it, so the hub asks for our own origin like a change does.
        if (!context.Request.Path.StartsWithSegments("/hubs") && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method)))
            return null;
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && !IsOwn(origin, context.Request))
            return ("OriginRefused", $"Origin {origin} is not this server. A page of another site may change nothing and watch nothing here.");
        return null;
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, new HostString(request.Host.Value ?? "").Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsOpen(PathString path) => path.StartsWithSegments("/health") || path == "/login" || path.StartsWithSegments("/css") || path.StartsWithSegments("/dist") || path == "/favicon.svg";

    public static bool IsKey(string given, ServerOptions options) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(options.AdminKey));

    // Of equal length whatever was sent, so that the comparison's time tells nothing.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : request.Cookies[KeyCookie] ?? "";
    }
}
