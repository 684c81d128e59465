using Microsoft.AspNetCore.SignalR;

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
        services.AddSingleton<DownloadHosts>().AddSingleton<FileTransfer>();
        services.AddSignalR().AddJsonProtocol(json => ApiJson.Configure(json.PayloadSerializerOptions));
        services.Configure<HubOptions>(hub => hub.MaximumReceiveMessageSize = 4096);
    }

    public static void UseApi(this WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseRequestGuard(options);
        app.UseStatusCodePages(async context =>
        {
            if (IsForMachines(context.HttpContext.Request) && ProblemMap.OfStatus(context.HttpContext) is var (code, message))
                await ProblemMap.WriteAsync(context.HttpContext, code, message);
        });
        // A page that is not there shows the not-found page; the interface for machines has answered for itself above.
        app.UseWhen(context => !IsForMachines(context.Request), pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
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

    /// <summary>GET /predict is a page; every other method there is for programs.</summary>
    public static bool IsForMachines(HttpRequest request) =>
        MachinePaths.Any(prefix => request.Path.StartsWithSegments(prefix, StringComparison.Ordinal)) && !(request.Path == "/predict" && HttpMethods.IsGet(request.Method));
}
