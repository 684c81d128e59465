using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Pretrained;

/// <summary>/api/v1/models/pretrained, /import and /imports: models to start from, and bringing them.</summary>
internal static class PretrainedEndpoints
{
    public static void AddPretrained(this IServiceCollection services)
    {
        services.AddSingleton(provider => new PretrainedStore(provider.GetRequiredService<Storage>().Root));
        services.AddSingleton<ImportRecords>().AddSingleton<Hub>().AddSingleton<HubImport>().AddSingleton<FolderImport>().AddSingleton<ModelIntake>().AddSingleton<ModelImports>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelImports>());
    }

    public static void MapPretrained(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<ServerOptions>().ModelBytes;
        var api = routes.MapGroup("/api/v1/models").WithTags("models");
        api.MapGet("/pretrained", List).WithSummary("List imported pre-trained models by name, with what they are, their source and their files.").WithProblems("ArtifactCorrupt");
        api.MapGet("/pretrained/{name}", Get).WithSummary("An imported pre-trained model.").WithProblems("NotFound", "ArtifactCorrupt");
        api.MapDelete("/pretrained/{name}", Delete).WithSummary("Delete an imported pre-trained model with its files. What runs have made of it stays.").WithProblems("NotFound");
        api.MapPost("/import", StartAsync)
            .WithSummary("Bring a pre-trained model from a hub's repository or a folder of the server. 202 with its import, which goes on with what came before of the same; 200 when the model is here already.")
            .WithProblems("HostRefused", "StateConflict", "ModelInvalid", "HubAccessRefused", "HubNotFound", "DownloadFailed");
        api.MapPut("/import/{name}/archive", PutAsync).Accepts<Stream>("application/octet-stream", "application/zip", "application/x-zip-compressed", "application/x-tar", "application/gzip", "application/x-gzip")
            .WithMetadata(new RequestSizeLimitAttribute(limit))
            .WithSummary("Bring a pre-trained model as an archive of its folder: .zip, .tar or .tar.gz. A broken one is refused and leaves nothing. 201, or 200 when the model is here already.")
            .WithProblems("StateConflict", "ModelInvalid", "StorageFull");
        api.MapGet("/imports", Imports).WithSummary("Every import by name, and how far it is.").WithProblems("ArtifactCorrupt");
        api.MapGet("/imports/{name}", Import).WithSummary("How far an import is, file by file.").WithProblems("NotFound");
        api.MapPost("/imports/{name}/cancel", CancelAsync).WithSummary("Stop an import; what came from a hub is kept, and the same import started again goes on from there.").WithProblems("NotFound", "StateConflict");
        api.MapDelete("/imports/{name}", ForgetAsync).WithSummary("Stop an import if it is under way, and forget it with what came.").WithProblems("NotFound", "StateConflict");
        routes.MapPretrainedForms(limit);
    }

    private static Ok<Page<ImportedModel>> List(PretrainedStore store) => TypedResults.Ok(new Page<ImportedModel>(store.List()));

    private static Ok<ImportedModel> Get(string name, PretrainedStore store) => TypedResults.Ok(store.Find(name) ?? throw Problem.NotFound("pre-trained model", name));

    private static NoContent Delete(string name, PretrainedStore store) => store.Delete(name) ? TypedResults.NoContent() : throw Problem.NotFound("pre-trained model", name);

    private static async Task<Results<Accepted<ModelImport>, Ok<ModelImport>>> StartAsync(StartModelImport request, ModelImports imports, CancellationToken cancellation)
    {
        var (import, isThere) = await imports.StartAsync(request, cancellation);
        return isThere ? TypedResults.Ok(import) : TypedResults.Accepted($"/api/v1/models/imports/{import.Id}", import);
    }

    private static async Task<Results<Created<ImportedModel>, Ok<ImportedModel>>> PutAsync(string name, string? file, HttpRequest request, ModelImports imports, CancellationToken cancellation)
    {
        var (model, isNew) = await imports.TakeAsync(name, new SentArchive(request.Body, request.ContentLength, file), cancellation);
        return isNew ? TypedResults.Created($"/api/v1/models/pretrained/{name}", model) : TypedResults.Ok(model);
    }

    private static Ok<Page<ModelImport>> Imports(ModelImports imports) => TypedResults.Ok(new Page<ModelImport>(imports.List()));

    private static Ok<ModelImport> Import(string name, ModelImports imports) => TypedResults.Ok(imports.Find(name) ?? throw Problem.NotFound("import", name));

    private static async Task<Ok<ModelImport>> CancelAsync(string name, ModelImports imports) => TypedResults.Ok(await imports.CancelAsync(name));

    private static async Task<NoContent> ForgetAsync(string name, ModelImports imports)
    {
        await imports.ForgetAsync(name);
        return TypedResults.NoContent();
    }
}
