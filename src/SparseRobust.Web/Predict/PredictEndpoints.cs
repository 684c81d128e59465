using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Predict;

/// <summary>/predict and /info, as clients of text-embeddings-inference know them.</summary>
internal static class PredictEndpoints
{
    public static void AddPredict(this IServiceCollection services)
    {
        services.AddSingleton<PredictorPool>().AddSingleton<ServedModels>().AddSingleton<ModelViews>();
        services.AddPredictPages();
    }

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var predict = routes.MapGroup("").WithTags("predict");
        predict.MapPost("/predict", PredictAsync).WithSummary("Classify a text, a pair or a batch; all classes, the likeliest first. A batch answers a list of such lists.")
            .Produces<ScoredLabel[]>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422).ProducesProblem(429);
        predict.MapGet("/info", InfoAsync).WithSummary("The default model and the limits of /predict.");
        routes.MapModels();
        routes.MapPredictForms();
    }

    private static async Task<IResult> PredictAsync(PredictRequest request, ServedModels models, PredictorPool pool, ServerOptions options, TimeProvider time, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var started = time.GetTimestamp();
        var inputs = PredictInputs.Read(request.Inputs);
        var cut = request.Cut();
        var model = await models.FindAsync(request.Model, cancellation);
        using var lease = await pool.RentAsync(model.Folder, cancellation);
        var tokenizing = time.GetTimestamp();
        TokenizedText[] tokenized = [.. inputs.Items.Select((item, i) => Tokenize(lease.Value, item, cut, inputs.IsBatch ? $"$.inputs[{i}]" : "$.inputs"))];
        var tokenization = time.GetElapsedTime(tokenizing) / tokenized.Length;
        var response = new PredictResponse(model, lease.Value.Info, await pool.PredictAsync(lease.Value, tokenized, cancellation));
        response.WriteHeaders(context.Response.Headers, new PredictTimes(time.GetElapsedTime(started), tokenization, inputs.Items.Sum(item => item.Characters)), options.Device);
        var labels = response.Labels(request.RawScores);
        return inputs.IsBatch ? TypedResults.Ok(labels) : TypedResults.Ok(labels[0]);
    }

    private static TokenizedText Tokenize(Predictor predictor, PredictInput input, TruncationDirection? cut, string path)
    {
        try
        {
            return predictor.Tokenize(input.Text, input.Pair, cut);
        }
        catch (LabException e) when (e.Code == ProblemCode.InputTooLong)
        {
            throw new LabException(e.Code, $"{path}: {e.Message}", e);
        }
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
