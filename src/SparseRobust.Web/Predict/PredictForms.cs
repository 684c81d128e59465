using SparseRobust.Web.Hosting;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Predict;

/// <summary>Where the buttons of the page of models post to.</summary>
internal static class PredictForms
{
    /// <remarks>The form parameter, though not read, makes the antiforgery token required.</remarks>
    public static void MapPredictForms(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/models/{id}/default", async (string id, IFormCollection _, Aliases aliases, CancellationToken cancellation) =>
        {
            try
            {
                await aliases.PointAsync(AliasRow.Default, id, cancellation);
            }
            catch (Problem problem) when (problem.Code is "NotFound")
            {
                // The page may be older than the model's end: the list as it is now says so.
            }
            return new SeeOther("/models");
        }).ExcludeFromDescription();
}
