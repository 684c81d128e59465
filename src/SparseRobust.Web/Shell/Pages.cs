using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Shell;

/// <summary>The pages: rendered on the server, whole without JavaScript; islands of our own make them live (ADR 0005).</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton(_ => ProblemGuide.Load());
    }

    public static void MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "SparseRobust.Web.staticwebassets.endpoints.json"));
        app.MapRazorComponents<App>();
        app.MapGet("/", () => TypedResults.LocalRedirect("/runs")).ExcludeFromDescription();
    }
}
