using Microsoft.AspNetCore.SignalR;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Hosting;

/// <summary>What every endpoint shares: JSON, problems, the request guard, idempotency, OpenAPI.</summary>
internal static class Api
{
    private static readonly string[] MachinePaths = ["/api", "/predict", "/info", "/health", "/openapi", "/hubs", "/v2"];

    public static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemMap>();
        services.AddOpenApiDescription();
        services.AddSignalR().AddJsonProtocol(json => ApiJson.Configure(json.PayloadSerializerOptions));
        services.Configure<HubOptions>(hub => hub.MaximumReceiveMessageSize = 4096);
    }

    public static void UseApi(this WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseRequestGuard(options);
        app.UseStatusCodePages(async context =>
        {
            var code = context.HttpContext.Response.StatusCode switch { 404 => "NotFound", 405 => "MethodNotAllowed", 415 => "MediaTypeUnsupported", 413 => "RequestTooLarge", _ => null };
            if (code is not null && IsForMachines(context.HttpContext.Request.Path))
                await ProblemMap.WriteAsync(context.HttpContext, code, $"{context.HttpContext.Request.Method} {context.HttpContext.Request.Path} is not answered. /openapi/v1.json lists what is.");
        });
        app.UsePageErrors();
        // After the re-execution above, or its second pass would find no endpoint.
        app.UseRouting();
        app.UseIdempotency();
        app.MapOpenApi();
        app.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("/openapi/v1.json", "SparseRobust");
            ui.DocumentTitle = "SparseRobust API";
        });
    }

    public static bool IsForMachines(PathString path) => MachinePaths.Any(prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal));
}
