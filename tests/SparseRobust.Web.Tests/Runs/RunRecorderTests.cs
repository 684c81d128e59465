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
        var (storage, result) = await TrainedAsync();
        await using var run = await LeasedRun.StartAsync(postgres);
        await using var services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(run.ConnectionString)).BuildServiceProvider();
        var recorder = new RunRecorder(services.GetRequiredService<IDbContextFactory<LabDb>>(), new Storage(storage), TimeProvider.System);
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

    [PostgresFact]
    public async Task Files_are_hashed_before_the_lock_that_other_runs_wait_for()
    {
        var (storage, result) = await TrainedAsync();
        await using var run = await LeasedRun.StartAsync(postgres);
        using var folder = CopyOf(storage);
        await using var services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(run.ConnectionString)).BuildServiceProvider();
        var factory = services.GetRequiredService<IDbContextFactory<LabDb>>();
        await using var db = await factory.CreateDbContextAsync();
        Task<bool> recorded;
        await using (await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(7261736502)");
            recorded = new RunRecorder(factory, new Storage(folder.Path), TimeProvider.System).RecordAsync(run.Lease, result, CancellationToken.None);
            await Eventually.HoldsAsync(async () => await db.Database.SqlQuery<long>($"select count(*) as \"Value\" from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())").SingleAsync() == 1, () => $"the recorder waits; it has ended: {recorded.IsCompleted}");
            Directory.Delete(folder.Inside("lab"), recursive: true);
        }
        Assert.True(await recorded);
        var artifacts = await db.Artifacts.AsNoTracking().ToListAsync();
        Assert.Equal(result.Stages.Select(stage => stage.Hash).Distinct().Order(), artifacts.Select(artifact => artifact.StageHash).Distinct().Order());
        Assert.All(artifacts, artifact => Assert.Equal(ContentHash.OfFile(Path.Combine(storage, "lab", "stages", artifact.StageHash, artifact.Name)), artifact.Sha256));
    }

    [PostgresFact]
    public async Task An_attempt_that_loses_its_lease_while_it_hashes_enters_nothing()
    {
        var (storage, result) = await TrainedAsync();
        await using var run = await LeasedRun.StartAsync(postgres);
        await using var services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(run.ConnectionString)).BuildServiceProvider();
        var factory = services.GetRequiredService<IDbContextFactory<LabDb>>();
        await using var db = await factory.CreateDbContextAsync();
        Task<bool> recorded;
        await using (var successor = await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"update runs set lease_epoch = lease_epoch + 1");
            recorded = new RunRecorder(factory, new Storage(storage), TimeProvider.System).RecordAsync(run.Lease, result, CancellationToken.None);
            await Eventually.HoldsAsync(async () => await db.Database.SqlQuery<long>($"select count(*) as \"Value\" from pg_locks where locktype = 'transactionid' and not granted and pid in (select pid from pg_locks where database = (select oid from pg_database where datname = current_database()))").SingleAsync() == 1, () => $"the recorder waits; it has ended: {recorded.IsCompleted}");
            await successor.CommitAsync();
        }
        Assert.False(await recorded);
        Assert.Equal((0, 0, 0), (await db.Stages.CountAsync(), await db.Artifacts.CountAsync(), await db.Scores.CountAsync()));
    }

    private async Task<(string Storage, RunResult Result)> TrainedAsync()
    {
        var trained = await postgres.TrainedServerAsync();
        var path = Path.Combine(trained.Storage, "lab", "runs", await trained.CreateRunAsync(TinyRecipe.Quick), "result.json");
        return (trained.Storage, JsonSerializer.Deserialize<RunResult>(await File.ReadAllTextAsync(path), LabJson.Options)!);
    }

    private static OpenFolder CopyOf(string storage)
    {
        var copy = new OpenFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(storage, "lab", "stages"), "*", SearchOption.AllDirectories))
        {
            var target = copy.Inside(Path.GetRelativePath(storage, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }
}
