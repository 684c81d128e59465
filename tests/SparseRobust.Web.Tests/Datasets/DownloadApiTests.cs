using System.Net;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

[Collection(PostgresTests.Name)]
public sealed class DownloadApiTests(PostgresFixture postgres)
{
    private const string Address = "/api/v1/datasets/rte/train/download";

    private static string Body(Uri url, string sha256) => $$"""{"url":"{{url}}","sha256":"{{sha256}}"}""";

    [PostgresFact]
    public async Task A_file_is_fetched_followed_and_forgotten()
    {
        var content = DatasetFixture.Bytes(DatasetFixture.Rte);
        await using var host = await FileHost.OfAsync(content);
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { DownloadHosts = host.Name });
        var check = new SchemaCheck(await server.Client.JsonAsync("/openapi/v1.json"));
        var (status, started) = await server.Client.SendAsync(HttpMethod.Post, Address, Body(host.At("/train.tsv"), DatasetFixture.Sha256(content)));
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Empty(check.Faults(check.At("#/paths/~1api~1v1~1datasets~1{name}~1{split}~1download/post/responses/202/content/application~1json/schema"), started));
        await Eventually.HoldsAsync(async () => (await server.Client.JsonAsync(Address)).GetProperty("state").GetString() == "succeeded", () => "it is fetched");
        Assert.Equal("found", (await server.Client.JsonAsync("/api/v1/datasets/rte/train")).GetProperty("state").GetString());
        Assert.Single((await server.Client.JsonAsync("/api/v1/datasets/downloads")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.SendAsync(HttpMethod.Delete, Address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.SendAsync(HttpMethod.Get, Address)).Status);
        Assert.Equal(["RTE/train.tsv"], DatasetFixture.FilesOf(server));
    }

    [PostgresTheory]
    [InlineData("""{"url":"https://data.example.org/f","sha256":"SHA"}""", 403, "HostRefused", "Server:DownloadHosts")]
    [InlineData("""{"url":"https://data.example.org/f"}""", 400, "RequestInvalid", "sha256")]
    [InlineData("""{"url":"file:///etc/passwd","sha256":"SHA"}""", 400, "RequestInvalid", "https://")]
    public async Task What_may_not_be_fetched_is_refused_with_what_to_set(string body, int status, string code, string words)
    {
        var server = await postgres.IdleServerAsync();
        var (answered, problem) = await server.Client.SendAsync(HttpMethod.Post, Address, body.Replace("SHA", new string('a', 64), StringComparison.Ordinal));
        Assert.Equal((status, code), ((int)answered, problem.GetProperty("code").GetString()));
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(DatasetFixture.FilesOf(server));
    }
}
