using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Tests.Hosting;
using Xunit.Abstractions;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>Real servers and workers, killed, frozen and cut off in the middle of a training. However it goes, the files and the curve are those of a run that nobody disturbed.</summary>
[Collection(PostgresTests.Name)]
public sealed class KillTests(PostgresFixture postgres, ITestOutputHelper output) : IDisposable
{
    private const UnixSignal Freeze = (UnixSignal)19;
    private const UnixSignal Thaw = (UnixSignal)18;

    private static readonly string Recipe = TinyRecipe.Of(epochs: 8, trainRows: 1500);

    // Recovery from longer absences is measured now and then; see docs/results/server.md.
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("SPARSEROBUST_ABSENCE_SECONDS") ?? "8", CultureInfo.InvariantCulture));

    private readonly OpenFolder _storage = new();

    [PostgresFact]
    public async Task A_killed_worker_is_replaced_and_its_run_goes_on()
    {
        await using var server = await ServerProcess.StartWebAsync(_storage.Path, "--connection", await postgres.CreateDatabaseAsync(), "--workers", "1");
        var runId = await server.Client.CreateRunAsync(Recipe);
        await StepAsync(server, runId, 60);
        var before = await server.Client.EventsAsync(runId);
        var watch = Stopwatch.StartNew();
        Assert.True(ChildProcess.Signal(Assert.Single(server.Children("--roles train")), UnixSignal.Kill));
        await server.Client.RunAsync(runId, run => run.GetProperty("state").GetString() == "running" && run.GetProperty("attempts").GetInt64() == 2, "the second attempt runs");
        output.WriteLine($"second attempt after {watch.Elapsed.TotalSeconds:0.0} s");
        await server.Client.StateAsync(runId, "succeeded");
        var after = await RequireUndisturbedAsync(server.Client, runId);
        RequireKept(before, after);
    }

    [PostgresFact]
    public async Task A_killed_server_takes_everything_with_it_and_the_next_one_goes_on()
    {
        string runId;
        List<JsonElement> before;
        await using (var first = await ServerProcess.StartWebAsync(_storage.Path, "--workers", "1"))
        {
            runId = await first.Client.CreateRunAsync(Recipe);
            await StepAsync(first, runId, 60);
            before = await first.Client.EventsAsync(runId);
            Assert.Single(first.Children("postgres"));
            Assert.Single(first.Children("--roles train"));
            await first.KillAsync();
        }
        var watch = Stopwatch.StartNew();
        await using var second = await ServerProcess.StartWebAsync(_storage.Path, "--workers", "1");
        await second.Client.RunAsync(runId, run => run.GetProperty("attempts").GetInt64() == 2, "the second attempt began");
        output.WriteLine($"second attempt {watch.Elapsed.TotalSeconds:0.0} s after the second start");
        await second.Client.StateAsync(runId, "succeeded");
        RequireKept(before, await RequireUndisturbedAsync(second.Client, runId));
    }

    [PostgresFact]
    public async Task A_server_that_is_asked_to_stop_lets_its_run_recover_at_the_next_start()
    {
        var connection = await postgres.CreateDatabaseAsync();
        string runId;
        await using (var first = await ServerProcess.StartWebAsync(_storage.Path, "--connection", connection, "--workers", "1"))
        {
            runId = await first.Client.CreateRunAsync(Recipe);
            await StepAsync(first, runId, 60);
            var code = await first.StopAsync();
            Assert.True(code == 0, $"exit code {code}: {first.Output}");
            Assert.DoesNotContain("killing it", first.Output, StringComparison.Ordinal);
        }
        await using var second = await ServerProcess.StartWebAsync(_storage.Path, "--connection", connection, "--workers", "0");
        var run = await second.Client.JsonAsync($"/api/v1/runs/{runId}");
        Assert.Equal("recovering", run.GetProperty("state").GetString());
        await using var worker = await ServerProcess.StartAsync("--roles", "train", "--node-name", "later", "--storage", _storage.Path, "--connection", connection);
        await second.Client.StateAsync(runId, "succeeded");
        await RequireUndisturbedAsync(second.Client, runId);
    }

    [PostgresFact]
    public async Task A_frozen_worker_that_wakes_up_finds_its_lease_lost_and_changes_nothing()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        await using var one = await WorkerAsync(server, "one");
        var runId = await server.CreateRunAsync(Recipe);
        await server.Client.RunAsync(runId, run => run.TryGetProperty("step", out var step) && step.GetInt32() >= 60, "it trains");
        one.Signal(Freeze);
        await using var two = await WorkerAsync(server, "two");
        await using var db = await server.DatabaseAsync();
        await Eventually.HoldsAsync(() => db.Nodes.AnyAsync(node => node.Id == "two"), () => $"the other worker is there: {two.Output}");
        var watch = Stopwatch.StartNew();
        await server.Client.RunAsync(runId, run => run.GetProperty("attempts").GetInt64() == 2, "the other worker takes over");
        output.WriteLine($"taken over after {watch.Elapsed.TotalSeconds:0.0} s");
        one.Signal(Thaw);
        await server.Client.StateAsync(runId, "succeeded");
        await Eventually.HoldsAsync(() => one.Output.Contains("lost its lease", StringComparison.Ordinal), () => $"the first worker says so: {one.Output}");
        var attempts = await db.Attempts.Where(attempt => attempt.RunId == runId).OrderBy(attempt => attempt.Epoch).ToListAsync();
        Assert.Equal(["1 one lost", "2 two succeeded"], attempts.Select(attempt => $"{attempt.Epoch} {attempt.Node} {attempt.Reason}"));
        await RequireUndisturbedAsync(server.Client, runId, server.Storage);
    }

    [PostgresFact]
    public async Task While_the_database_is_away_training_goes_on_and_the_tables_catch_up()
    {
        using var data = new OpenFolder();
        var database = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(data.Path), NullLogger.Instance, CancellationToken.None);
        try
        {
            var connection = database.ConnectionString;
            var port = new Npgsql.NpgsqlConnectionStringBuilder(connection).Port;
            await using var server = await ServerProcess.StartWebAsync(_storage.Path, "--connection", connection, "--workers", "1");
            var runId = await server.Client.CreateRunAsync(Recipe);
            await StepAsync(server, runId, 30);
            var journal = Path.Combine(_storage.Path, "lab", "runs", runId, "events.jsonl");
            await database.DisposeAsync();
            var length = new FileInfo(journal).Length;
            await Task.Delay(Absence);
            Assert.True(new FileInfo(journal).Length > length, $"training went on: {server.Output}");
            var (status, problem) = await server.Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{runId}");
            Assert.Equal((503, "DatabaseUnavailable"), ((int)status, problem.GetProperty("code").GetString()));
            database = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(data.Path) { Port = port }, NullLogger.Instance, CancellationToken.None);
            var (watch, written) = (Stopwatch.StartNew(), File.ReadLines(journal).Count());
            var run = await server.Client.RunAsync(runId, run => run.GetProperty("last_sequence").GetInt64() >= written, "the tables hold what was written meanwhile");
            output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s after {Absence.TotalSeconds} s away the tables hold all {written} events; attempt {run.GetProperty("attempts")}, {run.GetProperty("state")}");
            await server.Client.StateAsync(runId, "succeeded");
            await RequireUndisturbedAsync(server.Client, runId);
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    public void Dispose() => _storage.Dispose();

    private static Task<ServerProcess> WorkerAsync(LabServer server, string name) =>
        ServerProcess.StartAsync("--roles", "train", "--node-name", name, "--storage", server.Storage, "--connection", server.ConnectionString);

    private static Task<JsonElement> StepAsync(ServerProcess server, string runId, int least) =>
        server.Client.RunAsync(runId, run => run.TryGetProperty("step", out var step) && step.GetInt32() >= least, $"it trains: {server.Output}");

    /// <summary>The files and points are those of an undisturbed run of the recipe, trained once in this process.</summary>
    private async Task<List<JsonElement>> RequireUndisturbedAsync(HttpClient client, string runId, string? storage = null)
    {
        var (tensors, points) = await postgres.UndisturbedAsync(Recipe);
        var events = await client.EventsAsync(runId);
        Assert.Equal(points, RunFiles.Points(events));
        Assert.Equal(tensors, RunFiles.Tensors(storage ?? _storage.Path));
        Assert.Single(events, e => e.GetProperty("event").GetString() == "run_finished");
        return events;
    }

    /// <summary>What readers had before the kill is still there, but for what came after the checkpoint and was done again.</summary>
    private static void RequireKept(List<JsonElement> before, List<JsonElement> after)
    {
        var kept = before.Zip(after).TakeWhile(pair => pair.First.GetRawText() == pair.Second.GetRawText()).Count();
        // The first evaluation is the best so far, so there is a checkpoint by then.
        Assert.Contains(before.Take(kept), e => e.GetProperty("event").GetString() == "evaluated");
        Assert.True(kept == before.Count || after[kept].GetProperty("event").GetString() == "run_started", $"event {kept + 1} became {after[kept]}");
        Assert.Empty(RunFiles.Points(before).Except(RunFiles.Points(after)));
    }
}
