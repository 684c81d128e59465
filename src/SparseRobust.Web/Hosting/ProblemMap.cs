using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Hosting;

/// <summary>The one table from failures to HTTP statuses, and the RFC 9457 body: type /problems/{code}, a fixed title, the message as detail, faults by JSON path.</summary>
internal sealed class ProblemMap(ILogger<ProblemMap> logger) : IExceptionHandler
{
    private const string TooLarge = "The body is larger than this address takes (2 MB, an import of a run 2 GB, a dataset what the option Server:DatasetBytes says, a pre-trained model what Server:ModelBytes says). Send less at once.";

    private const string WrongType = "Send the body as application/json (an import as application/zip, a dataset or a pre-trained model as application/octet-stream), and say so in Content-Type.";

    private static readonly Dictionary<string, (int Status, string Title)> Table = new(StringComparer.Ordinal)
    {
        ["RequestInvalid"] = (400, "The request cannot be read"),
        ["InputEmpty"] = (400, "There is nothing to predict"),
        ["KeyRequired"] = (401, "An administrator key is required"),
        ["OriginRefused"] = (403, "The request comes from another site"),
        ["HostRefused"] = (403, "The server does not fetch from there"),
        ["NotFound"] = (404, "There is no such thing"),
        [nameof(ProblemCode.ArtifactMissing)] = (404, "A stored file is missing"),
        ["MethodNotAllowed"] = (405, "The method is not allowed here"),
        ["StateConflict"] = (409, "Not possible in this state"),
        ["ModelNotChosen"] = (409, "No model is chosen"),
        ["IdempotencyConflict"] = (409, "The idempotency key belongs to another request"),
        [nameof(ProblemCode.DatasetMissing)] = (409, "A dataset is missing"),
        [nameof(ProblemCode.BiasPredictionsMissing)] = (409, "Bias predictions are missing"),
        [nameof(ProblemCode.ArtifactCorrupt)] = (409, "A stored file is corrupt"),
        [nameof(ProblemCode.RunLocked)] = (409, "The run is being worked on"),
        ["RequestTooLarge"] = (413, "The request is too large"),
        ["MediaTypeUnsupported"] = (415, "The content type is not supported"),
        [nameof(ProblemCode.RecipeInvalid)] = (422, "The recipe is invalid"),
        [nameof(ProblemCode.InputTooLong)] = (422, "The input is too long"),
        ["BatchTooLarge"] = (422, "The batch has too many texts"),
        [nameof(ProblemCode.DatasetInvalid)] = (422, "A dataset is invalid"),
        [nameof(ProblemCode.ModelInvalid)] = (422, "A pre-trained model is invalid"),
        [nameof(ProblemCode.TokenizerInvalid)] = (422, "A vocabulary is invalid"),
        ["FilterInvalid"] = (422, "The filter does not fit the data"),
        ["ImportInvalid"] = (422, "The import is not a whole run"),
        [nameof(ProblemCode.Overloaded)] = (429, "Too many requests wait"),
        [nameof(ProblemCode.TrainingDiverged)] = (500, "The training diverged"),
        [nameof(ProblemCode.FileInaccessible)] = (500, "A file cannot be accessed"),
        ["Unexpected"] = (500, "An unforeseen fault"),
        ["DownloadFailed"] = (502, "A file cannot be fetched"),
        ["HubAccessRefused"] = (502, "The hub refuses access"),
        ["HubNotFound"] = (502, "The hub has no such thing"),
        [nameof(ProblemCode.DeviceUnavailable)] = (503, "The device is unavailable"),
        ["DatabaseUnavailable"] = (503, "The database cannot be reached"),
        [nameof(ProblemCode.StorageFull)] = (507, "The disk is full"),
    };

    /// <summary>Every code the server answers with.</summary>
    public static IReadOnlyCollection<string> Codes => Table.Keys;

    /// <summary>The problem behind a status that the framework answered without a body; null for others.</summary>
    public static (string Code, string Message)? OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        404 => ("NotFound", Unanswered(context.Request)),
        405 => ("MethodNotAllowed", Unanswered(context.Request)),
        413 => ("RequestTooLarge", TooLarge),
        415 => ("MediaTypeUnsupported", WrongType),
        _ => null,
    };

    public static int StatusOf(string code) => Table[code].Status;

    /// <summary>Whether the same request may succeed in a moment.</summary>
    public static bool IsWorthRetrying(int status) => status is 429 or 503;

    public static string TitleOf(string code) => Table[code].Title;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (code, message, faults) = Explain(exception);
        if (code == "Unexpected")
            logger.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        await WriteAsync(httpContext, code, message, faults);
        return true;
    }

    public static async Task WriteAsync(HttpContext context, string code, string message, IReadOnlyList<Fault>? faults = null)
    {
        var details = Details(context, code, message, faults ?? []);
        context.Response.StatusCode = details.Status!.Value;
        if (IsWorthRetrying(details.Status.Value))
            context.Response.Headers.RetryAfter = "1";
        await context.Response.WriteAsJsonAsync(details, BodyJson, "application/problem+json", context.RequestAborted);
    }

    public static ProblemDetails Details(HttpContext context, string code, string message, IReadOnlyList<Fault> faults)
    {
        var (status, title) = Table[code];
        var details = new ProblemDetails { Type = $"/problems/{code}", Title = title, Status = status, Detail = message, Instance = context.Request.Path };
        details.Extensions["code"] = code;
        details.Extensions["traceId"] = Activity.Current?.Id ?? context.TraceIdentifier;
        if (faults.Count > 0)
            details.Extensions["errors"] = faults.GroupBy(fault => fault.Path).ToDictionary(group => group.Key, group => group.Select(fault => fault.Message).ToArray());
        // The prediction clients that people have read these two names.
        if (context.Request.Path.StartsWithSegments("/predict", StringComparison.Ordinal))
        {
            details.Extensions["error"] = message;
            details.Extensions["error_type"] = code;
        }
        return details;
    }

    private static string Unanswered(HttpRequest request) => $"{request.Method} {request.Path} is not answered. /openapi/v1.json lists what is.";

    private static readonly JsonSerializerOptions BodyJson = new(JsonSerializerDefaults.Web);

    /// <summary>The code, message and faults an exception stands for; a fault of ours shows nothing of its inside.</summary>
    public static (string Code, string Message, IReadOnlyList<Fault> Faults) Explain(Exception exception) => exception switch
    {
        Problem problem => (problem.Code, problem.Message, problem.Faults),
        RecipeInvalidException invalid => (nameof(ProblemCode.RecipeInvalid), invalid.Message, invalid.Faults),
        LabException lab => (lab.Code.ToString(), lab.Message, []),
        BadHttpRequestException { StatusCode: 413 } => ("RequestTooLarge", TooLarge, []),
        BadHttpRequestException { StatusCode: 415 } => ("MediaTypeUnsupported", WrongType, []),
        BadHttpRequestException { InnerException: JsonException json } => Explain(json),
        BadHttpRequestException bad when bad.Message.Contains("body was", StringComparison.Ordinal) => ("RequestInvalid", "The body is missing or null; send a JSON object.", []),
        BadHttpRequestException bad => ("RequestInvalid", bad.Message, []),
        JsonException json when JsonFault.Of(json) is var fault => ("RequestInvalid", $"{fault.Path}: {fault.Message}", [fault]),
        _ when DatabaseFault.IsNullCharacter(exception) => ("RequestInvalid", "The request contains the null character U+0000, which no text here may hold. Leave it out.", []),
        _ when DatabaseFault.Is(exception) => ("DatabaseUnavailable", "The database cannot be reached. Runs under way go on; ask again in a moment.", []),
        _ => ("Unexpected", "This is a defect. Please report it with the traceId; the server's log has the details.", []),
    };
}
