using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Hosting;

/// <summary>Makes /openapi/v1.json say what is true and is not in the signatures: problems, states, what is left out when null, parameters as they are written.</summary>
internal static class OpenApiDescription
{
    private const string ProblemName = "Problem";

    // What every address that reads can answer, and what every one that takes a body.
    private static readonly string[] OfAnyRead = ["RequestInvalid", "KeyRequired", "DatabaseUnavailable"];
    private static readonly string[] OfAnyBody = [.. OfAnyRead, "OriginRefused", "RequestTooLarge", "MediaTypeUnsupported"];

    private const string About = """
        A laboratory for making BERT-family language models sparse and robust at once. JSON with snake_case names; members that are null are left out, unknown ones are refused.
        Lists are {items, next_page_token}. Failures are application/problem+json (RFC 9457); their code is explained at /problems/{code}.
        POSTs that create take an Idempotency-Key, under which a repetition within a day gets the first answer. A server that other machines can reach asks for the administrator's key.
        """;

    public static void AddOpenApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
        options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "SparseRobust", Version = ProductVersion.Text, Description = About };
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemName] = ProblemSchema();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The administrator's key; asked for only by a server that listens on other addresses than loopback." };
        // Either with the key or, on loopback, without.
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }, []];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var path = context.Description.RelativePath ?? "";
        operation.OperationId = IdOf(context.Description.HttpMethod ?? "GET", path);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Name = parameter.In == ParameterLocation.Query && parameter.Name is { } name ? SnakeCase.Of(name) : parameter.Name;
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotentEndpoint>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Description = "At most 200 characters; the same request under the same key is done once a day.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        operation.Responses ??= [];
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointProblems>().FirstOrDefault() is { } problems)
            foreach (var status in problems.Codes.Concat(context.Description.HttpMethod == "GET" ? OfAnyRead : OfAnyBody).GroupBy(ProblemMap.StatusOf))
                operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = ProblemResponse(status.Key, string.Join("; ", status.Select(code => $"{code}: {ProblemMap.TitleOf(code)}")), context);
        operation.Responses["default"] = ProblemResponse(null, "It failed; the body's code says why, and the page /problems/{code} what to do.", context);
        return Task.CompletedTask;
    }

    private static OpenApiResponse ProblemResponse(int? status, string description, OpenApiOperationTransformerContext context) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemName, context.Document) } },
        Headers = status is null || !ProblemMap.IsWorthRetrying(status.Value) ? null : new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Description = "Seconds until it is worth asking again.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
        },
    };

    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        // Members that are null are left out of every answer and may be left out of every request. A type is described where it is first met, which may be as another's member.
        foreach (var member in context.JsonTypeInfo.Properties.Where(member => member.IsGetNullable))
            schema.Required?.Remove(member.Name);
        // A number that is not finite is written as a word; the generator also calls both an object.
        if (schema.AnyOf is { Count: > 0 } && schema.Type == JsonSchemaType.Object)
            schema.Type = null;
        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), true) is [OneOfAttribute oneOf])
            schema.Enum = [.. oneOf.Words.Select(word => (JsonNode)word)];
        return Task.CompletedTask;
    }

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What went wrong (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("/problems/{code}"),
            ["title"] = Text("Fixed for each code."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("What is wrong, the value, and what to do."),
            ["instance"] = Text("The path that was asked for."),
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The stable code.", Enum = [.. ProblemMap.Codes.Order(StringComparer.Ordinal).Select(code => (JsonNode)code)] },
            ["traceId"] = Text("Under which the server's log has the request."),
            ["error"] = Text("The detail again, of /predict only: the name that clients of text-embeddings-inference read."),
            ["error_type"] = Text("The code again, of /predict only."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object, Description = "Messages by JSON path or parameter, when places can be named.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>post_runs_id_cancel: method and path without the version, unique and stable.</summary>
    internal static string IdOf(string method, string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ("api" or "v1")).Select(part => part.Trim('{', '}', '*'));
        return string.Join('_', words.Prepend(method.ToLowerInvariant()));
    }
}
