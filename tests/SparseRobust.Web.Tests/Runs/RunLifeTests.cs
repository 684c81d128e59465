using System.Net;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A run's life on a server that trains in this process.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunLifeTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Cancelled_a_run_stops_at_once_and_resumed_it_goes_on_from_there()
    {
        // Long enough that it cannot end while the cancellation is on its way.
        var recipe = TinyRecipe.Of(epochs: 24, trainRows: 1500);
        var (tensors, points) = await postgres.UndisturbedAsync(recipe);
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        var runId = await server.CreateRunAsync(recipe);
        await server.Client.RunAsync(runId, run => run.TryGetProperty("step", out var step) && step.GetInt32() >= 50, "it trains");
        Assert.Equal(HttpStatusCode.Accepted, (await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{runId}/cancel")).Status);
        var cancelled = await server.Client.StateAsync(runId, "cancelled");
        Assert.InRange(cancelled.GetProperty("step").GetInt32(), 50, 24 * 47 - 1);
        Assert.Equal(HttpStatusCode.Accepted, (await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{runId}/resume")).Status);
        await server.Client.StateAsync(runId, "succeeded");
        Assert.Equal(tensors, RunFiles.Tensors(server.Storage));
        Assert.Equal(points, RunFiles.Points(await server.Client.EventsAsync(runId)));
        await using var db = await server.DatabaseAsync();
        Assert.Equal(["cancelled", "succeeded"], await db.Attempts.OrderBy(attempt => attempt.Epoch).Select(attempt => attempt.Reason).ToListAsync());
    }

    [PostgresFact]
    public async Task Deleted_and_asked_for_again_a_run_has_its_whole_curve_again()
    {
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        var runId = await server.CreateRunAsync(TinyRecipe.Quick);
        await server.Client.StateAsync(runId, "succeeded");
        var points = RunFiles.Points(await server.Client.EventsAsync(runId));
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{runId}")).Status);
        Assert.Equal(runId, await server.CreateRunAsync(TinyRecipe.Quick));
        await server.Client.StateAsync(runId, "succeeded");
        Assert.Equal(points, RunFiles.Points(await server.Client.EventsAsync(runId)));
        Assert.NotEmpty((await server.Client.JsonAsync($"/api/v1/runs/{runId}/scores")).GetProperty("items").EnumerateArray());
    }

    [PostgresFact]
    public async Task A_run_that_cannot_be_done_fails_with_a_code_and_what_to_do()
    {
        var server = await postgres.TrainedServerAsync();
        var runId = await server.CreateRunAsync("""{"task":{"kind":"mnli-hans"},"vocabulary":{"kind":"file","path":"/nowhere/vocab.txt"},"paradigm":{"kind":"full-model"}}""");
        var problem = (await server.Client.StateAsync(runId, "failed")).GetProperty("problem");
        Assert.True(Enum.TryParse<ProblemCode>(problem.GetProperty("code").GetString(), out _), problem.GetRawText());
        Assert.NotEmpty(problem.GetProperty("message").GetString()!);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{runId}")).Status);
    }
}
