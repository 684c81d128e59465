using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Predict;

/// <summary>What the models and predict pages need: their readers, and where their buttons post to.</summary>
internal static class PredictForms
{
    public static void AddPredictPages(this IServiceCollection services) =>
        services.AddSingleton<ModelBoard>().AddHttpClient<PagePrediction>();

    /// <remarks>The form parameter, though not read, makes the antiforgery token required.</remarks>
    public static void MapPredictForms(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/models/{id}/default", async (string id, IFormCollection _, ModelBoard board, CancellationToken cancellation) =>
        {
            await board.MakeDefaultAsync(id, cancellation);
            return new SeeOther("/models");
        }).ExcludeFromDescription();
}
