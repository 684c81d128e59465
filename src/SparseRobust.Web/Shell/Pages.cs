using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Shell;

/// <summary>The pages: rendered on the server, whole without JavaScript; islands of our own make them live (ADR 0005).</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton(_ => ProblemGuide.Load()).AddSingleton<Notices>();
    }

    public static void MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "SparseRobust.Web.staticwebassets.endpoints.json"));
        // A page takes POST too. Where an interface answers at the same address, such as POST /predict, it goes first.
        app.MapRazorComponents<App>().Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = 1);
        app.MapGet("/", () => TypedResults.LocalRedirect("/runs")).ExcludeFromDescription();
    }
}
