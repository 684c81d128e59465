using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SparseRobust.Web.Predict;

/// <summary>What /openapi/v1.json says of POST /predict and the types cannot: the shapes of inputs, which answer belongs to which, and an example of each.</summary>
internal static class PredictDescription
{
    private const string Premise = "the painter near the helper called the farmer";
    private const string Hypothesis = "the helper called the farmer";

    private static readonly (string Name, string Summary, string Request, string Answer)[] Examples =
    [
        ("text", "One text", $$"""{"inputs":"{{Premise}}"}""", One),
        ("pair", "One pair", $$"""{"inputs":["{{Premise}}","{{Hypothesis}}"]}""", One),
        ("batch", "A batch of pairs and texts", $$"""{"inputs":[["{{Premise}}","{{Hypothesis}}"],["{{Premise}}"]]}""", $"[{One},{Other}]"),
        ("named", "A batch of named members", $$"""{"inputs":[{"text":"{{Premise}}","text_pair":"{{Hypothesis}}"}],"truncate":true}""", $"[{One}]"),
    ];

    private const string One = """[{"score":0.905,"label":"neutral"},{"score":0.084,"label":"entailment"},{"score":0.011,"label":"contradiction"}]""";
    private const string Other = """[{"score":0.48,"label":"entailment"},{"score":0.33,"label":"neutral"},{"score":0.19,"label":"contradiction"}]""";

    public static void AddPredictDescription(this IServiceCollection services) => services.Configure<OpenApiOptions>("v1", options =>
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // At the record and not at its member: to the generator the member is any JSON, which other records have too.
            if (context.JsonTypeInfo.Type == typeof(PredictRequest) && context.JsonPropertyInfo is null)
                schema.Properties!["inputs"] = new OpenApiSchema { Description = schema.Properties["inputs"].Description, OneOf = Inputs() };
            return Task.CompletedTask;
        }));

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var request = operation.RequestBody!.Content!["application/json"];
        var answer = operation.Responses!["200"].Content!["application/json"];
        var labels = answer.Schema!;
        answer.Schema = new OpenApiSchema
        {
            Description = "All classes, the likeliest first.",
            OneOf = [new OpenApiSchema { Title = "To one input", AllOf = [labels] }, ListOf(labels, "To a batch, even of one: an answer for each, in its order.")],
        };
        request.Examples = ExamplesOf(example => example.Request);
        answer.Examples = ExamplesOf(example => example.Answer);
        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiExample> ExamplesOf(Func<(string Name, string Summary, string Request, string Answer), string> json) =>
        Examples.ToDictionary(example => example.Name, example => (IOpenApiExample)new OpenApiExample { Summary = example.Summary, Value = JsonNode.Parse(json(example)) });

    private static List<IOpenApiSchema> Inputs() =>
    [
        Text("A text."),
        Texts(2, 2, "A pair: premise, hypothesis."),
        Named(),
        new OpenApiSchema
        {
            Type = JsonSchemaType.Array, MinItems = 1, MaxItems = PredictInputs.MostInputs, Description = "A batch.",
            Items = new OpenApiSchema { OneOf = [Texts(1, 2, "A text or a pair."), Named()] },
        },
    ];

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Pattern = @"\S", Description = description };

    private static OpenApiSchema Texts(int least, int most, string description) =>
        new() { Type = JsonSchemaType.Array, MinItems = least, MaxItems = most, Items = Text("Not blank."), Description = description };

    private static OpenApiSchema Named() => new()
    {
        Type = JsonSchemaType.Object, Description = "A text, or a pair by name.", AdditionalPropertiesAllowed = false,
        Required = new HashSet<string> { "text" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["text"] = Text("The text, or the premise."),
            ["text_pair"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Pattern = @"\S", Description = "The hypothesis." },
        },
    };

    private static OpenApiSchema ListOf(IOpenApiSchema items, string description) => new() { Title = "To a batch", Type = JsonSchemaType.Array, MinItems = 1, Items = items, Description = description };
}
