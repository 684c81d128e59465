using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Datasets;

/// <summary>/api/v1/datasets/{name}/{split}/download: a file that the server fetches itself.</summary>
internal static class DownloadEndpoints
{
    public static void AddDownloads(this IServiceCollection services)
    {
        services.AddSingleton<DownloadRecords>().AddSingleton<DatasetDownloads>();
        services.AddHostedService(provider => provider.GetRequiredService<DatasetDownloads>());
    }

    public static void MapDownloads(this IEndpointRouteBuilder datasets)
    {
        datasets.MapGet("/downloads", List).WithSummary("The last download of every split that had one, and how far it is.");
        datasets.MapPost("/{name}/{split}/download", Start)
            .WithSummary("Fetch a split's file from an address on a host that the server's operator has allowed. It goes on with what came before of the same file, and is checked as one that is sent; a wrong one leaves nothing.")
            .WithProblems("HostRefused", "NotFound", "StateConflict", "StorageFull");
        datasets.MapGet("/{name}/{split}/download", Get).WithSummary("How far the split's last download is.").WithProblems("NotFound");
        datasets.MapDelete("/{name}/{split}/download", ForgetAsync).WithSummary("Stop the split's download if it is under way, and forget it with what came; a file in its place stays.").WithProblems("NotFound", "StateConflict");
    }

    private static Ok<Page<DatasetDownload>> List(DatasetDownloads downloads) => TypedResults.Ok(new Page<DatasetDownload>(downloads.List()));

    private static Accepted<DatasetDownload> Start(string name, string split, StartDownload request, DatasetDownloads downloads) =>
        TypedResults.Accepted($"/api/v1/datasets/{name}/{split}/download", downloads.Start(DatasetDelivery.Find(name, split), request));

    private static Ok<DatasetDownload> Get(string name, string split, DatasetDownloads downloads) =>
        TypedResults.Ok(downloads.Find(DatasetDelivery.Find(name, split)) ?? throw Problem.NotFound("download of", $"{name}/{split}"));

    private static async Task<NoContent> ForgetAsync(string name, string split, DatasetDownloads downloads)
    {
        await downloads.ForgetAsync(DatasetDelivery.Find(name, split));
        return TypedResults.NoContent();
    }
}
