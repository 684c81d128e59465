using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunRecorderTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Runs_that_share_their_stages_may_end_at_the_same_moment()
    {
        var trained = await postgres.TrainedServerAsync();
        var result = JsonSerializer.Deserialize<RunResult>(await File.ReadAllTextAsync(Path.Combine(trained.Storage, "lab", "runs", await trained.CreateRunAsync(TinyRecipe.Quick), "result.json")), LabJson.Options)!;
        await using var run = await LeasedRun.StartAsync(postgres);
        await using var services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(run.ConnectionString)).BuildServiceProvider();
        var recorder = new RunRecorder(services.GetRequiredService<IDbContextFactory<LabDb>>(), new Storage(trained.Storage), TimeProvider.System);
        await using var copy = run.Database.CreateCommand("insert into runs (id, recipe_hash, seed, rerun, recipe, task, model, paradigm, tags, priority, state, created_at, lease_epoch, last_sequence, imported) select 'twin-' || i, 'twin-' || i, seed, rerun, recipe, task, model, paradigm, tags, priority, 'queued', created_at, 0, 0, false from runs, generate_series(1, 8) i");
        await copy.ExecuteNonQueryAsync();
        var leases = new List<RunLease>();
        for (var i = 1; i <= 8; i++)
            leases.Add((await RunLease.TakeAsync(run.Database, $"twin-{i}", "test", CancellationToken.None))!);
        Assert.All(await Task.WhenAll(leases.Select(lease => recorder.RecordAsync(lease, result, CancellationToken.None))), Assert.True);
        await using var db = await services.GetRequiredService<IDbContextFactory<LabDb>>().CreateDbContextAsync();
        Assert.Equal(result.Stages.Count, await db.Stages.CountAsync());
        Assert.Equal(8 * result.Stages.Count, await db.RunStages.CountAsync());
        Assert.True(await recorder.RecordAsync(leases[0], result, CancellationToken.None));
        Assert.Equal(8 * result.Stages.Sum(stage => stage.Scores.Count), await db.Scores.CountAsync());
    }
}
