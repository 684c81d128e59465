using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Predict;

/// <summary>/api/v1/models and /api/v1/aliases: what can predict, under which names, and as files for other programs.</summary>
internal static partial class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/v1").WithTags("models");
        models.MapGet("/models", ListAsync).WithSummary("List models, newest first, with their files, scores and aliases.");
        models.MapGet("/models/{name}", GetAsync).WithSummary("A model by id, alias or run (its last model).");
        models.MapGet("/models/{name}/export", ExportAsync).WithSummary("A model as a zip in Hugging Face's layout.").Produces(200, contentType: "application/zip");
        models.MapGet("/aliases", AliasesAsync).WithSummary("All aliases.");
        models.MapPut("/models/aliases/{alias}", PointAsync).WithSummary("Point an alias at a model; \"default\" is what /predict uses when none is named.");
        models.MapDelete("/models/aliases/{alias}", RemoveAsync).WithSummary("Remove an alias; the model stays.");
    }

    private static async Task<Ok<Page<ModelView>>> ListAsync([AsParameters] ModelQuery query, ModelViews views, CancellationToken cancellation) =>
        TypedResults.Ok(await views.ListAsync(query, cancellation));

    private static async Task<Ok<ModelView>> GetAsync(string name, ServedModels models, ModelViews views, CancellationToken cancellation) =>
        TypedResults.Ok(await views.ReadAsync((await models.FindAsync(name, cancellation)).Id, cancellation));

    private static async Task<PushStreamHttpResult> ExportAsync(string name, string? format, HttpContext context, ServedModels models, ModelViews views)
    {
        if (format is not (null or "hf"))
            throw Problem.Invalid("format", $"\"{format}\" is not a format of export; there is hf (config.json, model.safetensors, vocab.txt, masks).");
        var model = await models.FindAsync(name, context.RequestAborted);
        var export = ModelExport.Prepare(model, await views.ReadAsync(model.Id, context.RequestAborted));
        // The zip writer ends each file with a small synchronous write, whatever it is asked.
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(body => export.WriteAsync(body, context.RequestAborted), "application/zip", $"{model.Id}.zip");
    }

    private static async Task<Ok<Page<AliasView>>> AliasesAsync(Aliases aliases, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<AliasView>(await aliases.ReadAsync(cancellation)));

    private static async Task<Ok<AliasView>> PointAsync(string alias, PointAlias request, Aliases aliases, CancellationToken cancellation)
    {
        if (!AliasPattern().IsMatch(alias) || RunLikePattern().IsMatch(alias))
            throw Problem.Invalid("alias", $"\"{alias}\" is not an alias: 1 to 64 of a-z, 0-9, dot, hyphen and underscore, beginning with a letter, and unlike the id of a model or run.");
        return TypedResults.Ok(await aliases.PointAsync(alias, request.Model, cancellation));
    }

    private static async Task<NoContent> RemoveAsync(string alias, Aliases aliases, CancellationToken cancellation)
    {
        await aliases.RemoveAsync(alias, cancellation);
        return TypedResults.NoContent();
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,63}\z")]
    private static partial Regex AliasPattern();

    // An alias goes before an id of the same spelling, so none may look like one.
    [GeneratedRegex(@"^[0-9a-f]{12}(-|\z)")]
    private static partial Regex RunLikePattern();
}
