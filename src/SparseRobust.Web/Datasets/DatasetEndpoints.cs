using Microsoft.AspNetCore.Http.HttpResults;

namespace SparseRobust.Web.Datasets;

/// <summary>/api/v1/datasets.</summary>
internal static class DatasetEndpoints
{
    public static void AddDatasets(this IServiceCollection services) => services.AddSingleton<DatasetList>();

    public static void MapDatasets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/datasets", ListAsync).WithTags("datasets").WithSummary("Every split the laboratory knows: found with its rows, label shares and SHA-256, or missing with what to do; and what runs used.");

    private static async Task<Ok<DatasetsView>> ListAsync(DatasetList datasets, CancellationToken cancellation) =>
        TypedResults.Ok(new DatasetsView(await datasets.ReadAsync(cancellation), datasets.Folders.Folders));
}
