using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>/api/v1/artifacts and runs/{id}/artifacts: a finished stage's files, named by what is in them.</summary>
internal static partial class ArtifactEndpoints
{
    public static void AddArtifacts(this IServiceCollection services)
    {
        services.AddSingleton<RunImport>();
        services.TryAddSingleton<RunRecorder>();
    }

    public static void MapArtifacts(this IEndpointRouteBuilder routes)
    {
        var artifacts = routes.MapGroup("/api/v1").WithTags("artifacts");
        artifacts.MapGet("/runs/{id}/artifacts", ListAsync).WithSummary("The files of a run's finished stages.");
        artifacts.MapMethods("/artifacts/{sha256}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync).WithSummary("A file by the SHA-256 of its contents; ranges and If-None-Match are honoured.")
            .Produces(200, contentType: "application/octet-stream").Produces(206).Produces(304);
        artifacts.MapImport();
    }

    private static async Task<Ok<Page<ArtifactView>>> ListAsync(string id, LabDb db, CancellationToken cancellation)
    {
        await RunActions.FindAsync(db, id, cancellation);
        var rows = from use in db.RunStages.AsNoTracking()
                   where use.RunId == id
                   join stage in db.Stages on use.StageHash equals stage.Hash
                   join artifact in db.Artifacts on use.StageHash equals artifact.StageHash
                   orderby use.Ordinal, artifact.Name
                   select new ArtifactView(artifact.Name, artifact.Sha256, artifact.Size, artifact.StageHash, stage.Name);
        return TypedResults.Ok(new Page<ArtifactView>(await rows.ToListAsync(cancellation)));
    }

    private static async Task<PhysicalFileHttpResult> DownloadAsync(string sha256, LabDb db, Storage storage, CancellationToken cancellation)
    {
        if (!Sha256Pattern().IsMatch(sha256))
            throw new Problem("NotFound", $"\"{sha256}\" is not a SHA-256: 64 hexadecimal digits in lower case. GET /api/v1/runs/{{id}}/artifacts lists a run's files.");
        var places = await (from artifact in db.Artifacts.AsNoTracking()
                            where artifact.Sha256 == sha256
                            join stage in db.Stages on artifact.StageHash equals stage.Hash
                            orderby stage.RecordedAt
                            select new { artifact.Name, artifact.Size, stage.Folder }).ToListAsync(cancellation);
        if (places.Count == 0)
            throw Problem.NotFound("artifact", sha256);
        // Equal files of several stages: any copy that is whole will do.
        var found = places.Select(place => (place.Name, Path: storage.Absolute(Path.Combine(place.Folder, place.Name)), place.Size))
            .FirstOrDefault(place => new FileInfo(place.Path) is { Exists: true } file && file.Length == place.Size);
        return found.Path is null
            ? throw new LabException(ProblemCode.ArtifactMissing, $"{places[0].Name} of {places[0].Folder} is not there any more, or has another length than recorded. Run its run again with rerun to make it anew.")
            : TypedResults.PhysicalFile(found.Path, ContentType(found.Name), found.Name, entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/jsonl",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Sha256Pattern();
}
