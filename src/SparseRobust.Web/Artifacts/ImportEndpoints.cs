using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>POST /api/v1/runs/import.</summary>
internal static class ImportEndpoints
{
    private const long LargestUpload = 2L << 30;

    public static void MapImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/import", ImportAsync).WithTags("runs").Accepts<Stream>("application/zip", "application/x-zip-compressed").WithMetadata(new RequestSizeLimitAttribute(LargestUpload))
            .WithSummary("Bring in a finished run: a zip of the command line's output folder (runs/ and stages/), checked by its hashes. The same again answers 200 with the run; with several runs in it, run=ID says which.")
            .WithProblems("StateConflict", "RunLocked", "ImportInvalid", "StorageFull");

    private static async Task<Results<Created<RunView>, Ok<RunView>>> ImportAsync(HttpRequest request, string? run, RunImport import, CancellationToken cancellation)
    {
        var (row, isNew) = await import.ImportAsync(request.Body, request.ContentLength, run, cancellation);
        var view = RunView.Of(row, whole: true);
        return isNew ? TypedResults.Created($"/api/v1/runs/{row.Id}", view) : TypedResults.Ok(view);
    }
}
