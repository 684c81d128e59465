using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Shell;

/// <summary>The pages: rendered on the server, whole without JavaScript; islands of our own make them live (ADR 0005).</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
    }

    /// <summary>Before routing: a page that is not there shows the not-found page; the interface for machines answers for itself.</summary>
    public static void UsePageErrors(this WebApplication app) =>
        // A page that itself answers 404 has used up its scope: a second page in it finds its services initialised already and fails.
        app.UseWhen(context => !Api.IsForMachines(context.Request.Path), pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));

    public static void MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "SparseRobust.Web.staticwebassets.endpoints.json"));
        app.MapRazorComponents<App>();
        app.MapGet("/", () => TypedResults.LocalRedirect("/runs")).ExcludeFromDescription();
    }
}
