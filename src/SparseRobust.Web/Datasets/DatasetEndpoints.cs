using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>/api/v1/datasets: what data there is, and bringing more.</summary>
internal static class DatasetEndpoints
{
    public static void AddDatasets(this IServiceCollection services)
    {
        services.AddSingleton<DatasetList>().AddSingleton<DatasetIntake>();
        services.AddDownloads();
    }

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<ServerOptions>().DatasetBytes;
        var api = routes.MapGroup("/api/v1/datasets").WithTags("datasets");
        api.MapGet("", ListAsync).WithSummary("Every split the laboratory knows: found with its rows, label shares and SHA-256, or missing with what to do; and what runs used.");
        api.MapGet("/{name}/{split}", GetAsync).WithSummary("One split that is read from a file.").WithProblems("NotFound");
        api.MapPut("/{name}/{split}/file", PutAsync).Accepts<Stream>("application/octet-stream", "application/gzip", "application/x-gzip", "application/jsonl", "text/plain", "text/tab-separated-values")
            .WithMetadata(new RequestSizeLimitAttribute(limit))
            .WithSummary("Bring a split's file, plain or gzipped. It is read with the split's own loader before it takes its place; a broken one is refused and leaves nothing. 201, or 200 when it replaced another; new data make new stages.")
            .WithProblems("NotFound", "StateConflict", "DatasetInvalid", "StorageFull");
        api.MapDownloads();
        routes.MapDatasetForms(limit);
    }

    private static async Task<Ok<DatasetsView>> ListAsync(DatasetList datasets, CancellationToken cancellation) =>
        TypedResults.Ok(new DatasetsView(await datasets.ReadAsync(cancellation), datasets.Folders.Folders));

    private static async Task<Ok<DatasetView>> GetAsync(string name, string split, DatasetList datasets, CancellationToken cancellation) =>
        TypedResults.Ok(await datasets.ReadAsync(DatasetDelivery.Find(name, split), cancellation));

    private static async Task<Results<Created<DatasetView>, Ok<DatasetView>>> PutAsync([AsParameters] DatasetPut put, HttpRequest request, DatasetIntake intake, DatasetList datasets, CancellationToken cancellation)
    {
        var delivery = put.Delivery();
        var arrival = await intake.TakeAsync(delivery, request.Body, request.ContentLength, cancellation);
        var view = await datasets.ReadAsync(delivery.Split, cancellation);
        return arrival.HasReplaced ? TypedResults.Ok(view) : TypedResults.Created($"/api/v1/datasets/{delivery.Split.Name}/{delivery.Split.Split}", view);
    }
}

/// <summary>Which split a file is to be, and what it must be.</summary>
/// <param name="Name">Of the dataset.</param>
/// <param name="Split">Of the dataset's.</param>
/// <param name="Sha256">Refuse the file unless it, or what it unpacks to, has this SHA-256.</param>
/// <param name="File">The file's name; one of the split's own names is kept (HANS made anew is told by it), else the preferred one is given.</param>
/// <param name="Replace">Put it in the place of one that was brought before.</param>
internal sealed record DatasetPut(string Name, string Split, string? Sha256, string? File, bool? Replace)
{
    public DatasetDelivery Delivery() => new(DatasetDelivery.Find(Name, Split)) { Sha256 = DatasetDelivery.Checksum(Sha256), FileName = File, Replace = Replace ?? false };
}
