using System.Net;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Sweeps;

[Collection(PostgresTests.Name)]
public sealed class SweepActionsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static int _rows = 5_000;
    private readonly string _recipe = TinyRecipe.Of(1, Interlocked.Increment(ref _rows));
    private LabServer _server = null!;

    public async Task InitializeAsync() => _server = await postgres.IdleServerAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task A_cancelled_sweep_leaves_alone_what_somebody_had_launched_before()
    {
        var alone = await _server.CreateRunAsync(_recipe);
        var (sweep, runs) = await SweepAsync("1,2");
        Assert.Contains(alone, runs);
        await SendAsync($"/api/v1/sweeps/{sweep}/cancel");
        Assert.Equal(["queued", "cancelled"], await StatesAsync(runs));
    }

    [PostgresFact]
    public async Task A_run_that_two_sweeps_want_is_cancelled_with_the_last_of_them()
    {
        var (first, _) = await SweepAsync("1");
        var (second, runs) = await SweepAsync("1,2");
        await SendAsync($"/api/v1/sweeps/{first}/cancel");
        Assert.Equal(["queued", "queued"], await StatesAsync(runs));
        await SendAsync($"/api/v1/sweeps/{second}/cancel");
        Assert.Equal(["cancelled", "cancelled"], await StatesAsync(runs));
    }

    [PostgresFact]
    public async Task A_cancelled_run_that_a_sweep_queues_again_is_cancelled_with_it()
    {
        var alone = await _server.CreateRunAsync(_recipe);
        await SendAsync($"/api/v1/runs/{alone}/cancel");
        var (sweep, runs) = await SweepAsync("1");
        Assert.Equal(["queued"], await StatesAsync(runs));
        Assert.False((await _server.Client.JsonAsync($"/api/v1/runs/{alone}")).TryGetProperty("finished_at", out _));
        await SendAsync($"/api/v1/sweeps/{sweep}/cancel");
        Assert.Equal(["cancelled"], await StatesAsync(runs));
    }

    [PostgresFact]
    public async Task A_paused_sweep_holds_only_what_it_launched()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        _server = server;
        var alone = await server.CreateRunAsync(_recipe);
        var (sweep, runs) = await SweepAsync("1,2");
        await SendAsync($"/api/v1/sweeps/{sweep}/pause");
        Assert.Equal([alone], await server.EngineAsync());
        await SendAsync($"/api/v1/sweeps/{sweep}/resume");
        Assert.Equal(runs.Order(), (await server.EngineAsync()).Order());
    }

    private async Task<(string Id, List<string> Runs)> SweepAsync(string seeds)
    {
        var (status, json) = await _server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", $$"""{"recipe":{{_recipe}},"seeds":[{{seeds}}]}""");
        Assert.True(status == HttpStatusCode.Created, $"{status}: {json}");
        return (json.GetProperty("id").GetString()!, [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)]);
    }

    private async Task SendAsync(string path) => Assert.Equal(HttpStatusCode.Accepted, (await _server.Client.SendAsync(HttpMethod.Post, path)).Status);

    private async Task<List<string>> StatesAsync(IEnumerable<string> runs)
    {
        var states = new List<string>();
        foreach (var run in runs)
            states.Add((await _server.Client.JsonAsync($"/api/v1/runs/{run}")).GetProperty("state").GetString()!);
        return states;
    }
}
