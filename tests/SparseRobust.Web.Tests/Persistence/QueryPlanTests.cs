using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Persistence;

/// <summary>On 10,000 runs, what pages and REST ask all the time reads no whole table.</summary>
[Collection(PostgresTests.Name)]
public sealed class QueryPlanTests(PostgresFixture postgres)
{
    private const string Fill = """
        insert into runs (id, recipe_hash, seed, rerun, recipe, task, model, paradigm, tags, priority, state, created_at, lease_epoch, last_sequence, imported)
        select 'run-' || i, 'hash-' || i, 1, 0, '{}', 'shortcut-nli', 'bert', 'after-fine-tuning', array['tag-' || i % 1000, 'all'], 0, case when i % 500 = 0 then 'queued' else 'succeeded' end, now() - i * interval '1 minute', 1, case when i <= 200 then 200 else 0 end, false
        from generate_series(1, 10000) i;
        insert into scores (run_id, stage_ordinal, stage, stage_hash, dataset, dataset_sha256, split, slice, metric, value, n, seed, is_final)
        select 'run-' || i, 1, 'evaluate', 'h', d, 's', 'dev', 'all', 'accuracy', i / 10000.0, 90, 1, true from generate_series(1, 10000) i, unnest(array['mnli', 'hans', 'qqp']) d;
        insert into run_events (run_id, sequence, kind, time, body) select 'run-' || i, j, 'step_measured', now(), '{}' from generate_series(1, 200) i, generate_series(1, 200) j;
        insert into metric_points (run_id, sequence, series, stage, step, value, time)
        select 'run-' || i, j, s, 'fine-tune', j, 0.5, now() from generate_series(1, 200) i, generate_series(1, 200) j, unnest(array['train/loss', 'train/grad_norm']) s;
        analyze;
        """;

    [PostgresFact]
    public async Task Hot_queries_use_an_index()
    {
        var connection = await postgres.CreateDatabaseAsync();
        var recorder = new Recorder();
        var options = new DbContextOptionsBuilder<LabDb>().UseNpgsql(connection).AddInterceptors(recorder).Options;
        await using (var db = new LabDb(options))
        {
            await db.Database.MigrateAsync();
            await db.Database.ExecuteSqlRawAsync(Fill.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        }
        recorder.Commands.Clear();
        await using var services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(connection).AddInterceptors(recorder)).BuildServiceProvider();
        var factory = services.GetRequiredService<IDbContextFactory<LabDb>>();
        await AskAsync(factory);
        Assert.True(recorder.Commands.Count >= 7, $"{recorder.Commands.Count} queries");
        await using var source = NpgsqlDataSource.Create(connection);
        foreach (var command in recorder.Commands)
            await RequireIndexAsync(source, command.Sql, command.Parameters);
    }

    [PostgresFact]
    public async Task A_series_and_what_has_changed_are_read_along_their_indexes()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using (var db = new LabDb(new DbContextOptionsBuilder<LabDb>().UseNpgsql(connection).Options))
        {
            await db.Database.MigrateAsync();
            await db.Database.ExecuteSqlRawAsync(Fill.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        }
        await using var source = NpgsqlDataSource.Create(connection);
        await RequireIndexAsync(source, RunMetrics.Sql, [new() { Value = "run-7" }, new() { Value = "train/loss" }, new NpgsqlParameter<int?>(), new NpgsqlParameter<int?>(), new() { Value = 100 }]);
        await RequireIndexAsync(source, RunMetrics.KeysSql, [new() { Value = "run-7" }]);
        await RequireIndexAsync(source, RunChanges.Sql, [new() { Value = await new RunChanges(source).MarkAsync(CancellationToken.None) }]);
    }

    private static async Task AskAsync(IDbContextFactory<LabDb> factory)
    {
        var list = new RunList(factory);
        var (page, token) = await list.ReadAsync(new RunListQuery(), CancellationToken.None);
        Assert.Equal(50, page.Count);
        await list.ReadAsync(new RunListQuery(PageToken: token), CancellationToken.None);
        Assert.Equal(20, (await list.ReadAsync(new RunListQuery("state:queued"), CancellationToken.None)).Items.Count);
        Assert.Equal(10, (await list.ReadAsync(new RunListQuery("tag:tag-7"), CancellationToken.None)).Items.Count);
        var events = await new RunStream(factory, new RunWatchers()).ReadAsync("run-7", new RunCursor(150, 0), CancellationToken.None);
        Assert.Equal(50, events!.Items.Count);
        await using var db = await factory.CreateDbContextAsync();
        await RunLog.ReadAsync(db, "run-7", 100, CancellationToken.None);
        Assert.Equal(3, await db.Scores.CountAsync(score => score.RunId == "run-7"));
    }

    private static async Task RequireIndexAsync(NpgsqlDataSource source, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        await using var command = source.CreateCommand("explain (format json) " + sql);
        command.Parameters.AddRange(parameters.Select(parameter => parameter.Clone()).ToArray());
        var plan = (string)(await command.ExecuteScalarAsync())!;
        Assert.True(Nodes(JsonElement.Parse(plan)[0].GetProperty("Plan")).All(node => node.GetProperty("Node Type").GetString() != "Seq Scan"), $"{sql}\n{plan}");
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        [plan, .. plan.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes) : []];

    private sealed class Recorder : DbCommandInterceptor
    {
        public List<(string Sql, List<NpgsqlParameter> Parameters)> Commands { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Commands.Add((command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(parameter => parameter.Clone())]));
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
