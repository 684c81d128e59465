using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>Pre-trained models over REST.</summary>
[Collection(PostgresTests.Name)]
public sealed class PretrainedApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Models = "/api/v1/models";

    private FakeHub _hub = null!;
    private LabServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _server = await LabServer.StartAsync(postgres, "web", options => options with { HubEndpoint = _hub.Address, ModelBytes = 60_000 });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private static string Body(string name = "tiny") => $$"""{"name":"{{name}}","source":{"kind":"hub","repository":"{{FakeHub.Repository}}"} }""";

    [PostgresFact]
    public async Task A_model_is_fetched_followed_listed_and_deleted()
    {
        var check = new SchemaCheck(await Client.JsonAsync("/openapi/v1.json"));
        var (status, started) = await Client.SendAsync(HttpMethod.Post, $"{Models}/import", Body());
        Assert.Equal((HttpStatusCode.Accepted, "tiny", "hub"), (status, started.GetProperty("id").GetString(), started.GetProperty("source").GetProperty("kind").GetString()));
        Assert.Empty(check.Faults(check.At("#/paths/~1api~1v1~1models~1import/post/responses/202/content/application~1json/schema"), started));
        await Eventually.HoldsAsync(async () => (await Client.JsonAsync($"{Models}/imports/tiny")).GetProperty("state").GetString() == "succeeded", () => "it is imported");
        var import = await Client.JsonAsync($"{Models}/imports/tiny");
        Assert.Equal(import.GetProperty("total_bytes").GetInt64(), import.GetProperty("done_bytes").GetInt64());
        Assert.Equal(["README.md", "config.json", "model.safetensors", "vocab.txt"], import.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.Single((await Client.JsonAsync($"{Models}/imports")).GetProperty("items").EnumerateArray());

        var model = await Client.JsonAsync($"{Models}/pretrained/tiny");
        Assert.Empty(check.Faults(check.At("#/paths/~1api~1v1~1models~1pretrained~1{name}/get/responses/200/content/application~1json/schema"), model));
        Assert.Equal((_hub.Commit, "bert", 24), (model.GetProperty("commit").GetString(), model.GetProperty("model").GetProperty("kind").GetString(), model.GetProperty("model").GetProperty("vocabulary_size").GetInt32()));
        Assert.Equal(model.GetRawText(), (await Client.JsonAsync($"{Models}/pretrained")).GetProperty("items")[0].GetRawText());
        Assert.True(File.Exists(Path.Combine(_server.Storage, "models", "tiny", "model.safetensors")));

        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Post, $"{Models}/import", Body())).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Client.SendAsync(HttpMethod.Delete, $"{Models}/imports/tiny")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.SendAsync(HttpMethod.Delete, $"{Models}/pretrained/tiny")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.SendAsync(HttpMethod.Delete, $"{Models}/pretrained/tiny")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.SendAsync(HttpMethod.Get, $"{Models}/imports/tiny")).Status);
        Assert.Empty(Files);
    }

    [PostgresTheory]
    [InlineData("""{"name":"tiny","source":{"kind":"archive"}}""", 400, "RequestInvalid", "PUT")]
    [InlineData("""{"name":"tiny","source":{"kind":"floppy"}}""", 400, "RequestInvalid", "$.source")]
    [InlineData("""{"name":"../tiny","source":{"kind":"hub","repository":"a/b"}}""", 400, "RequestInvalid", "$.name")]
    [InlineData("""{"name":"tiny","source":{"kind":"hub","repository":"a/b/c"}}""", 400, "RequestInvalid", "$.source.repository")]
    [InlineData("""{"name":"tiny","source":{"kind":"folder","path":"/etc"}}""", 400, "RequestInvalid", "Server:ImportFolders")]
    [InlineData("""{"name":"tiny"}""", 400, "RequestInvalid", "source")]
    public async Task What_cannot_be_imported_is_refused_with_the_field(string body, int status, string code, string words)
    {
        var (answered, problem) = await Client.SendAsync(HttpMethod.Post, $"{Models}/import", body);
        Assert.Equal((status, code), ((int)answered, problem.GetProperty("code").GetString()));
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(Files);
    }

    [PostgresFact]
    public async Task An_import_that_failed_says_why_and_is_forgotten()
    {
        _hub.Files["config.json"] = ModelFixture.ConfigWith("model_type", "gpt2");
        await Client.SendAsync(HttpMethod.Post, $"{Models}/import", Body());
        await Eventually.HoldsAsync(async () => (await Client.JsonAsync($"{Models}/imports/tiny")).GetProperty("state").GetString() == "failed", () => "it failed");
        var problem = (await Client.JsonAsync($"{Models}/imports/tiny")).GetProperty("problem");
        Assert.Equal("ModelInvalid", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await Client.SendAsync(HttpMethod.Post, $"{Models}/imports/tiny/cancel")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.SendAsync(HttpMethod.Delete, $"{Models}/imports/tiny")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.SendAsync(HttpMethod.Post, $"{Models}/imports/tiny/cancel")).Status);
        Assert.Empty(Files);
    }

    [PostgresFact]
    public async Task An_archive_is_taken_once_and_the_same_again_is_there()
    {
        var zip = ModelFixture.Zip(ModelFixture.Files());
        var (status, model) = await PutAsync("tiny", zip, "?file=tiny.zip");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("archive", "tiny.zip", ModelFixture.Sha256(zip)), (model.GetProperty("source").GetProperty("kind").GetString(), model.GetProperty("source").GetProperty("file").GetString(), model.GetProperty("source").GetProperty("sha256").GetString()));
        Assert.Equal(["tiny/README.md", "tiny/config.json", "tiny/import.json", "tiny/model.safetensors", "tiny/vocab.txt"], Files);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("tiny", zip)).Status);
        var other = ModelFixture.Files();
        other["README.md"] = "# Another"u8.ToArray();
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync("tiny", ModelFixture.Zip(other))).Status);
        Assert.Equal(5, Files.Length);
    }

    [PostgresTheory]
    [InlineData("nonsense", 422, "ModelInvalid")]
    [InlineData("link", 422, "ModelInvalid")]
    [InlineData("gpt2", 422, "ModelInvalid")]
    [InlineData("large", 413, "RequestTooLarge")]
    public async Task A_bad_archive_leaves_nothing(string kind, int status, string code)
    {
        var files = ModelFixture.Files();
        if (kind == "gpt2")
            files["config.json"] = ModelFixture.ConfigWith("model_type", "gpt2");
        if (kind == "link")
            files["../vocab.txt"] = [];
        var archive = kind switch { "nonsense" => [1, 2, 3], "large" => new byte[60_001], _ => ModelFixture.Zip(files) };
        var (answered, problem) = await PutAsync("tiny", archive);
        Assert.Equal((status, code), ((int)answered, problem.GetProperty("code").GetString()));
        Assert.Empty(Files);
    }

    [PostgresFact]
    public async Task An_upload_shows_how_far_it_is_and_one_that_is_cut_off_leaves_nothing()
    {
        var zip = ModelFixture.Zip(ModelFixture.Files());
        using var pause = new CancellationTokenSource();
        using var content = new StreamContent(new HaltingStream(zip, 5_000));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = zip.Length;
        var sending = Client.PutAsync(new Uri($"{Models}/import/tiny/archive", UriKind.Relative), content, pause.Token);
        await Eventually.HoldsAsync(async () => (await Client.GetAsync(new Uri($"{Models}/imports/tiny", UriKind.Relative))).IsSuccessStatusCode
            && (await Client.JsonAsync($"{Models}/imports/tiny")) is var import && import.GetProperty("done_bytes").GetInt64() is > 0 and <= 5_000 && import.GetProperty("total_bytes").GetInt64() == zip.Length, () => "a part has come");
        Assert.Equal(HttpStatusCode.Conflict, (await Client.SendAsync(HttpMethod.Post, $"{Models}/import", Body())).Status);
        await pause.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Eventually.HoldsAsync(() => Files.Length == 0, () => string.Join(", ", Files));
        await Eventually.HoldsAsync(async () => (await Client.SendAsync(HttpMethod.Get, $"{Models}/imports/tiny")).Status == HttpStatusCode.NotFound, () => "it is forgotten");
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("tiny", zip)).Status);
    }

    private string[] Files => Directory.Exists(Path.Combine(_server.Storage, "models"))
        ? [.. Directory.GetFiles(Path.Combine(_server.Storage, "models"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Path.Combine(_server.Storage, "models"), file)).Order(StringComparer.Ordinal)]
        : [];

    private async Task<(HttpStatusCode Status, JsonElement Json)> PutAsync(string name, byte[] archive, string query = "")
    {
        using var body = new ByteArrayContent(archive);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await Client.PutAsync(new Uri($"{Models}/import/{name}/archive{query}", UriKind.Relative), body);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Gives a part and then nothing, until whoever reads gives up.</summary>
    private sealed class HaltingStream(byte[] content, int after) : MemoryStream(content, 0, after)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return read;
        }
    }
}
