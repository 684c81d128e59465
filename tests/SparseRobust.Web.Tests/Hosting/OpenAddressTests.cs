using System.Net;

namespace SparseRobust.Web.Tests.Hosting;

[Collection(PostgresTests.Name)]
public sealed class OpenAddressTests(PostgresFixture postgres)
{
    private const string Key = "a key of more than sixteen";

    [PostgresFact]
    public async Task On_an_open_address_everything_but_health_needs_the_key()
    {
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { Listen = "0.0.0.0", AdminKey = Key });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Client.BaseAddress!.Port}") };
        var (status, problem) = await client.SendAsync(HttpMethod.Get, "/api/v1/runs");
        Assert.Equal((HttpStatusCode.Unauthorized, "KeyRequired"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Post, "/api/v1/runs", "{}", ("Authorization", "Bearer wrong"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Get, "/hubs/runs")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "/api/v1/runs", null, ("Authorization", $"Bearer {Key}"))).Status);
        Assert.Equal("ready", (await client.JsonAsync("/health/ready")).GetProperty("status").GetString());
    }
}
