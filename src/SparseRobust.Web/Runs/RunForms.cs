using SparseRobust.Web.Hosting;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>Where the buttons of a run's page post to. They answer 303, so that loading the next page again repeats nothing.</summary>
/// <remarks>A form parameter, even one that is not read, makes the antiforgery token required.</remarks>
internal static class RunForms
{
    public static void MapRunForms(this IEndpointRouteBuilder routes)
    {
        var run = routes.MapGroup("/runs/{id}").ExcludeFromDescription();
        run.MapPost("/cancel", (string id, IFormCollection _, RunActions actions, CancellationToken cancellation) => DoAsync(id, "cancel", () => actions.CancelAsync(id, cancellation)));
        run.MapPost("/resume", (string id, IFormCollection _, RunActions actions, CancellationToken cancellation) => DoAsync(id, "resume", () => actions.ResumeAsync(id, cancellation)));
        run.MapPost("/delete", (string id, IFormCollection _, RunActions actions, CancellationToken cancellation) => DoAsync(id, "delete", () => actions.DeleteAsync(id, cancellation), "/runs"));
    }

    // The page may be older than the run: what is no longer possible leads back to the run as it is now.
    private static async Task<SeeOther> DoAsync(string id, string action, Func<Task> act, string? next = null)
    {
        var page = $"/runs/{Uri.EscapeDataString(id)}";
        try
        {
            await act();
            return new SeeOther(next ?? page);
        }
        catch (Problem problem) when (problem.Code is "StateConflict")
        {
            return new SeeOther($"{page}?refused={action}");
        }
        catch (Problem problem) when (problem.Code is "NotFound")
        {
            return new SeeOther(page);
        }
    }
}
