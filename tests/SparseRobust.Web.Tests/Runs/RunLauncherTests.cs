using System.Net;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>Launching on a server without workers, whose queue nobody else fills.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunLauncherTests(PostgresFixture postgres)
{
    private static string Sweep(string recipe, int seeds) => $$"""{"recipe":{{recipe}},"seeds":[{{string.Join(",", Enumerable.Range(1, seeds))}}]}""";

    [PostgresFact]
    public async Task A_launch_that_breaks_off_at_its_last_moment_leaves_neither_runs_nor_jobs()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        // Fails in the commit itself, and only if the engine's jobs are part of it.
        await server.ExecuteAsync("""
            create function refuse() returns trigger language plpgsql as 'begin if (select count(*) from qrtz_job_details) = 3 then raise exception ''refused''; end if; return null; end';
            create constraint trigger late after insert on sweeps deferrable initially deferred for each row execute function refuse();
            """);
        var key = ("Idempotency-Key", "broken-off");
        Assert.Equal(HttpStatusCode.InternalServerError, (await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", Sweep(TinyRecipe.Quick, 3), key)).Status);
        await using var db = await server.DatabaseAsync();
        Assert.Equal((0, 0, 0), (await db.Runs.CountAsync(), await db.Sweeps.CountAsync(), await db.SweepRuns.CountAsync()));
        Assert.Empty(await server.EngineAsync());
        await server.ExecuteAsync("drop trigger late on sweeps");
        var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", Sweep(TinyRecipe.Quick, 3), key);
        Assert.Equal(HttpStatusCode.Created, status);
        var (_, again) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", Sweep(TinyRecipe.Quick, 3), key);
        Assert.Equal(json.ToString(), again.ToString());
        Assert.Equal((3, 1), (await db.Runs.CountAsync(), await db.Sweeps.CountAsync()));
        Assert.Equal(3, (await server.EngineAsync()).Count);
    }

    [PostgresFact]
    public async Task A_queued_run_that_the_engine_has_lost_is_given_to_it_again()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var runId = await server.CreateRunAsync(TinyRecipe.Quick);
        Assert.Equal([runId], await server.EngineAsync());
        await server.ExecuteAsync("delete from qrtz_simple_triggers; delete from qrtz_triggers; delete from qrtz_job_details");
        await Eventually.HoldsAsync(async () => (await server.EngineAsync()).SequenceEqual([runId]), () => "the engine has the run again");
    }

    [PostgresFact]
    public async Task The_engine_is_given_the_runs_that_come_next_and_each_follows_in_its_turn()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", Sweep(TinyRecipe.Quick, RunQueue.Ahead + 20));
        Assert.Equal(HttpStatusCode.Created, status);
        List<string> runs = [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
        Assert.Equal(runs.Take(RunQueue.Ahead).Order(), (await server.EngineAsync()).Order());
        var (_, urgent) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/runs", $$"""{"recipe":{{TinyRecipe.Of(2, 300)}},"priority":1}""");
        Assert.Contains(urgent.GetProperty("items")[0].GetProperty("id").GetString(), await server.EngineAsync());
        // As workers do, but for the work.
        await server.ExecuteAsync($"update runs set state = 'succeeded' where id in ({string.Join(", ", runs.Take(20).Select(run => $"'{run}'"))}); delete from qrtz_simple_triggers; delete from qrtz_triggers; delete from qrtz_job_details");
        await Eventually.HoldsAsync(async () => (await server.EngineAsync()).Contains(runs[RunQueue.Ahead + 10]), () => "those behind move up");
        await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/sweeps/{json.GetProperty("id").GetString()}/cancel");
        await Eventually.HoldsAsync(async () => (await server.EngineAsync()).SequenceEqual([urgent.GetProperty("items")[0].GetProperty("id").GetString()!]), () => "only the urgent run is left");
    }
}
