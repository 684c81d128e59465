using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Sweeps;

namespace SparseRobust.Benchmarks;

/// <summary>Sweeps of twenty cells with growing numbers of seeds, launched on a server without workers; each again, which finds every run it made; and how long a worker would wait meanwhile for the engine's lock.</summary>
internal static class LaunchBenchmark
{
    private const int Repetitions = 3;
    private static readonly double[] Sparsities = [.. Enumerable.Range(1, 20).Select(i => i / 25.0)];

    public static async Task<int> RunAsync()
    {
        await using var database = await BenchmarkDatabase.StartAsync();
        var storage = Directory.CreateTempSubdirectory("sparserobust-benchmark-");
        Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
        var options = new ServerOptions { Port = 0, Roles = "web", Workers = 0, Storage = storage.FullName, NodeName = "benchmark", Connection = database.ConnectionString };
        await using (var host = (WebApplication)Web.Program.Build(options, database.ConnectionString))
        {
            await host.StartAsync();
            var seed = 1;
            foreach (var runs in new[] { 20, 20, 200, 2_000 })
                seed = await MeasureAsync(host.Services.GetRequiredService<SweepLauncher>(), database, runs, seed);
            await host.StopAsync();
        }
        storage.Delete(recursive: true);
        return 0;
    }

    private static async Task<int> MeasureAsync(SweepLauncher launcher, BenchmarkDatabase database, int runs, int seed)
    {
        var (fresh, again, waits) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var sweep = SweepOf(seed, runs / Sparsities.Length);
            seed += runs / Sparsities.Length;
            using var end = new CancellationTokenSource();
            var waiting = LongestWaitAsync(database, end.Token);
            fresh.Add(await LaunchAsync(launcher, sweep, runs, isNew: true));
            await end.CancelAsync();
            waits.Add(await waiting);
            again.Add(await LaunchAsync(launcher, sweep, runs, isNew: false));
        }
        Console.WriteLine($"{runs,6} runs: {Median(fresh),7:0} ms (slowest {fresh.Max():0}); the same again {Median(again),7:0} ms; a worker waits at most {waits.Max():0} ms");
        return seed;
    }

    private static CreateSweep SweepOf(int seed, int seeds) => new()
    {
        Recipe = JsonNode.Parse("""{"task":{"kind":"shortcut-nli"},"paradigm":{"kind":"after-fine-tuning","pruning":{"kind":"mask-training"},"pruning_training":{}}}""")!.AsObject(),
        Grid = new Dictionary<string, JsonArray> { ["paradigm.pruning.sparsity"] = [.. Sparsities.Select(sparsity => (JsonNode)sparsity)] },
        Seeds = [.. Enumerable.Range(seed, seeds).Select(each => (long)each)],
    };

    private static async Task<double> LaunchAsync(SweepLauncher launcher, CreateSweep sweep, int runs, bool isNew)
    {
        var clock = Stopwatch.StartNew();
        var made = await launcher.LaunchAsync(sweep, CancellationToken.None);
        var took = clock.Elapsed.TotalMilliseconds;
        return made.Items.Count(item => item.IsNew == isNew) == runs ? took : throw new InvalidOperationException("runs are missing");
    }

    /// <summary>What a worker's scheduler does before it takes its next run, over and over.</summary>
    private static async Task<double> LongestWaitAsync(BenchmarkDatabase database, CancellationToken end)
    {
        await using var command = database.Source.CreateCommand("select lock_name from qrtz_locks where lock_name = 'TRIGGER_ACCESS' for update");
        var longest = 0.0;
        while (!end.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            longest = Math.Max(longest, clock.Elapsed.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
        return longest;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
