using System.Net;
using System.Text.Json;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Predict;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Predict;

/// <summary>What the document says of POST /predict, held against what it takes and answers.</summary>
[Collection(PostgresTests.Name)]
public sealed class PredictDescriptionTests(PostgresFixture postgres)
{
    private const string Operation = "#/paths/~1predict/post";

    [PostgresFact]
    public async Task Every_example_fits_its_schema_and_is_answered_as_described()
    {
        var (server, check) = await ServedAsync();
        var (request, answer) = (check.At(Operation + "/requestBody/content/application~1json"), check.At(Operation + "/responses/200/content/application~1json"));
        var examples = request.GetProperty("examples").EnumerateObject().ToList();

        Assert.Equal(["text", "pair", "batch", "named"], examples.Select(example => example.Name));
        Assert.Equal(examples.Select(example => example.Name), answer.GetProperty("examples").EnumerateObject().Select(example => example.Name));
        foreach (var example in examples)
        {
            var (asked, described) = (example.Value.GetProperty("value"), answer.GetProperty("examples").GetProperty(example.Name).GetProperty("value"));
            var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/predict", asked.GetRawText());
            Assert.True(status == HttpStatusCode.OK, $"{example.Name}: {status} {json}");
            Assert.Empty(check.Faults(request.GetProperty("schema"), asked));
            Assert.Empty(check.Faults(answer.GetProperty("schema"), described));
            Assert.Empty(check.Faults(answer.GetProperty("schema"), json));
            Assert.Equal(ShapeOf(described), ShapeOf(json));
        }
    }

    [PostgresTheory]
    [InlineData("""{"inputs":["a","b","c"]}""", "RequestInvalid")]
    [InlineData("""{"inputs":["a"]}""", "RequestInvalid")]
    [InlineData("""{"inputs":["a",["b"]]}""", "RequestInvalid")]
    [InlineData("""{"inputs":[["a"],"b"]}""", "RequestInvalid")]
    [InlineData("""{"inputs":{"text":"a","pair":"b"}}""", "RequestInvalid")]
    [InlineData("""{"inputs":""}""", "InputEmpty")]
    [InlineData("""{"inputs":[]}""", "InputEmpty")]
    [InlineData("""{"inputs":[["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"],["a"]]}""", "BatchTooLarge")]
    public async Task What_the_schema_excludes_is_refused_with_a_problem_that_is_listed(string body, string code)
    {
        var (server, check) = await ServedAsync();
        var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/predict", body);

        Assert.NotEmpty(check.Faults(check.At(Operation + "/requestBody/content/application~1json/schema"), JsonElement.Parse(body)));
        Assert.Equal((ProblemMap.StatusOf(code), code), ((int)status, json.GetProperty("code").GetString()));
        var described = check.At($"{Operation}/responses/{(int)status}");
        Assert.Contains(code, described.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Empty(check.Faults(described.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema"), json));
    }

    [PostgresFact]
    public async Task Every_failure_to_be_expected_has_its_status()
    {
        var (_, check) = await ServedAsync();
        var responses = check.At(Operation + "/responses");

        Assert.Equal(["200", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503", "default"], responses.EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["429", "503"], responses.EnumerateObject().Where(response => response.Value.TryGetProperty("headers", out var headers) && headers.TryGetProperty("Retry-After", out _)).Select(response => response.Name).Order(StringComparer.Ordinal));
    }

    private async Task<(LabServer Server, SchemaCheck Check)> ServedAsync()
    {
        var server = await postgres.TrainedServerAsync();
        var runs = await server.Client.JsonAsync("/api/v1/runs?filter=state:succeeded");
        var (status, json) = await server.Client.SendAsync(HttpMethod.Put, $"/api/v1/models/aliases/{AliasRow.Default}", $$"""{"model":"{{runs.GetProperty("items")[0].GetProperty("id").GetString()}}"}""");
        Assert.True((int)status < 300, $"{status}: {json}");
        return (server, new SchemaCheck(await server.Client.JsonAsync("/openapi/v1.json")));
    }

    // A list of answers, or one answer: a list of labels.
    private static (int Answers, JsonValueKind Of) ShapeOf(JsonElement answer) => (answer.GetArrayLength(), answer[0].ValueKind);
}
