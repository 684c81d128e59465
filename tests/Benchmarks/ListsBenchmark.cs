using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Benchmarks;

/// <summary>Groups and lists of 10,000 finished runs (2,000 recipes with five seeds; 210,000 scores), asked for over HTTP by this process.</summary>
internal static class ListsBenchmark
{
    private const int Repetitions = 15;

    private static readonly string[] Addresses =
    [
        "/api/v1/groups", "/api/v1/groups?by=pruning_objective,sparsity", "/api/v1/groups?filter=sparsity:0.5&metric=accuracy",
        "/runs?group=recipe", "/runs", "/api/v1/runs?page_size=100",
    ];

    private const string Fill = """
        insert into runs (id, recipe_hash, seed, rerun, recipe, task, model, paradigm, pruning, fine_tuning_objective, pruning_objective, sparsity, cell, tags, priority, state, created_at, started_at, finished_at, lease_epoch, last_sequence, imported)
        select 'recipe-' || r || '-' || s, 'recipe-' || r, s, 0, '{}', 'shortcut-nli', 'bert', 'after-fine-tuning', 'mask-training', 'cross-entropy', (array['cross-entropy', 'product-of-experts', 'reweighting', 'confidence-regularization'])[1 + r % 4],
          (r / 4 % 20) / 20.0, 'cell ' || r, '{}', 0, 'succeeded', now() - (r * 5 + s) * interval '1 minute', now() - interval '2 minutes', now(), 1, 0, false
        from generate_series(1, 2000) r, generate_series(1, 5) s;
        insert into scores (run_id, stage_ordinal, stage, stage_hash, dataset, dataset_sha256, split, slice, metric, value, n, seed, is_final)
        select run.id, place, 'evaluate', 'h', dataset, 's', 'evaluation', slice, metric, random(), 1000, run.seed, place = 3
        from runs run, unnest(array[1, 3]) place, unnest(array['mnli', 'hans', 'qqp']) dataset, unnest(array['all', 'label=entailment', 'label=non-entailment']) slice, unnest(array['accuracy', 'loss']) metric
        where place = 3 or (slice = 'all' and metric = 'accuracy');
        vacuum analyze;
        """;

    public static async Task<int> RunAsync()
    {
        await using var database = await BenchmarkDatabase.StartAsync();
        foreach (var statement in Fill.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = database.Source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
        var storage = Directory.CreateTempSubdirectory("sparserobust-benchmark-");
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
        var options = new ServerOptions { Port = 0, Roles = "web", Workers = 0, Storage = storage.FullName, NodeName = "benchmark", Connection = database.ConnectionString };
        await using (var host = (WebApplication)Web.Program.Build(options, database.ConnectionString))
        {
            await host.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
            foreach (var address in Addresses)
                await MeasureAsync(client, address);
            await host.StopAsync();
        }
        storage.Delete(recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(HttpClient client, string address)
    {
        var (times, bytes) = (new List<double>(), 0);
        for (var repetition = -3; repetition < Repetitions; repetition++)
        {
            var clock = Stopwatch.StartNew();
            bytes = (await client.GetByteArrayAsync(address)).Length;
            if (repetition >= 0)
                times.Add(clock.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine($"{address,-52} median {times.Order().ElementAt(Repetitions / 2),5:0} ms, quickest {times.Min(),5:0} ms, slowest {times.Max(),5:0} ms, {bytes / 1000.0,6:N0} kB");
    }
}
