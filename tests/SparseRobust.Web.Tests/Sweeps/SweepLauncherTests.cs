using System.Net;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Sweeps;

[Collection(PostgresTests.Name)]
public sealed class SweepLauncherTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task A_sweep_begins_with_one_run_of_each_shared_training()
    {
        var server = await postgres.IdleServerAsync();
        var (status, sweep) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", """{"preset":"quickstart/shortcut-nli","seeds":[41,42]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var first = sweep.GetProperty("items").EnumerateArray().Take(4).Select(item => (item.GetProperty("cell").GetString(), item.GetProperty("seed").GetInt64()));
        Assert.Equal([("cross-entropy, dense", 41), ("product of experts throughout, dense", 41), ("cross-entropy, dense", 42), ("product of experts throughout, dense", 42)], first);
    }
}
