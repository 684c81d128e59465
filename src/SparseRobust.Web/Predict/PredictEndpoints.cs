using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Pretrained;

namespace SparseRobust.Web.Predict;

/// <summary>/predict and /info, as clients of text-embeddings-inference know them.</summary>
internal static class PredictEndpoints
{
    public static void AddPredict(this IServiceCollection services)
    {
        services.AddSingleton<PredictorPool>().AddSingleton<ServedModels>().AddSingleton<ModelViews>().AddSingleton<Aliases>().AddSingleton<Prediction>().AddSingleton<PagePrediction>();
        services.AddPredictDescription();
        services.AddPretrained();
    }

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var predict = routes.MapGroup("").WithTags("predict");
        predict.MapPost("/predict", PredictAsync).WithSummary("Classify a text, a pair or a batch; all classes, the likeliest first. A batch answers a list of such lists.")
            .Produces<ScoredLabel[]>().AddOpenApiOperationTransformer(PredictDescription.DescribeAsync)
            .WithProblems("InputEmpty", "NotFound", "ArtifactMissing", "ModelNotChosen", "ArtifactCorrupt", "InputTooLong", "BatchTooLarge", "TokenizerInvalid", "Overloaded", "DeviceUnavailable");
        predict.MapGet("/info", InfoAsync).WithSummary("The default model and the limits of /predict.");
        routes.MapModels();
        routes.MapPretrained();
        routes.MapPredictForms();
    }

    private static async Task<IResult> PredictAsync(PredictRequest request, Prediction prediction, ServerOptions options, HttpContext context)
    {
        var inputs = PredictInputs.Read(request.Inputs);
        var response = await prediction.AnswerAsync(new PredictQuestion(request.Model, inputs, request.Cut()), context.RequestAborted);
        response.WriteHeaders(context.Response.Headers, options.Device);
        var labels = response.Labels(request.RawScores);
        return inputs.IsBatch ? TypedResults.Ok(labels) : TypedResults.Ok(labels[0]);
    }

    private static async Task<Ok<ServerInfo>> InfoAsync(ServedModels models, PredictorPool pool, ServerOptions options, LabDb db, CancellationToken cancellation)
    {
        var model = await models.FindAsync(null, cancellation);
        using var lease = await pool.RentAsync(model.Folder, cancellation);
        var info = lease.Value.Info;
        var labels = info.Labels.Index().ToDictionary(each => each.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), each => each.Item);
        return TypedResults.Ok(new ServerInfo
        {
            ModelId = model.Id,
            ModelSha = info.ModelSha256,
            ModelDtype = info.Dtype,
            ModelType = new ServedKind(new ServedClassifier(labels, info.Labels.Index().ToDictionary(each => each.Item, each => each.Index))),
            MaxConcurrentRequests = options.PredictQueue,
            MaxInputLength = info.MaxInputLength,
            MaxBatchTokens = pool.BatchTokens,
            MaxClientBatchSize = PredictInputs.MostInputs,
            Version = ProductVersion.Text,
            RecipeHash = model.RecipeHash,
            Seed = model.Seed,
            Task = model.Task,
            Sparsity = info.EncoderSparsity,
            Aliases = await db.Aliases.Where(alias => alias.ModelId == model.Id).OrderBy(alias => alias.Alias).Select(alias => alias.Alias).ToListAsync(cancellation),
        });
    }
}
