using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using SparseRobust.Web.Runs;

namespace SparseRobust.Benchmarks;

/// <summary>A curve of a million points: the whole of it, and a zoom into a hundredth, thinned to 1,000 exact buckets by the database.</summary>
internal static class ReadingBenchmark
{
    private const int Points = 1_000_000;

    public static async Task<int> RunAsync()
    {
        await using var database = await BenchmarkDatabase.StartAsync();
        await database.RunAsync("long");
        await FillAsync(database);
        var metrics = new RunMetrics(database.Source);
        foreach (var (name, from, to) in new (string, int?, int?)[] { ("whole", null, null), ("hundredth", 500_000, 510_000) })
        {
            var times = new List<double>();
            for (var repetition = 0; repetition < 9; repetition++)
            {
                var clock = Stopwatch.StartNew();
                var series = await metrics.ReadAsync("long", "train/loss", (from, to), 1_000, CancellationToken.None);
                times.Add(clock.Elapsed.TotalMilliseconds);
                if (series.Sum(each => each.N) < 10_000)
                    throw new InvalidOperationException("points are missing");
            }
            Console.WriteLine($"{name,-10} of {Points:N0} points: median {times.Order().ElementAt(times.Count / 2):0} ms, slowest {times.Max():0} ms");
        }
        return 0;
    }

    private static async Task FillAsync(BenchmarkDatabase database)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using (var writer = await connection.BeginBinaryImportAsync("copy metric_points (run_id, sequence, series, stage, step, value, time) from stdin (format binary)"))
        {
            for (var step = 1; step <= Points; step++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync("long", NpgsqlDbType.Text);
                await writer.WriteAsync((long)step, NpgsqlDbType.Bigint);
                await writer.WriteAsync("train/loss", NpgsqlDbType.Text);
                await writer.WriteAsync("fine-tune", NpgsqlDbType.Text);
                await writer.WriteAsync(step, NpgsqlDbType.Integer);
                await writer.WriteAsync(Math.Sin(step), NpgsqlDbType.Double);
                await writer.WriteAsync(TimeProvider.System.GetUtcNow().UtcDateTime, NpgsqlDbType.TimestampTz);
            }
            await writer.CompleteAsync();
        }
        await using var analyze = new NpgsqlCommand("vacuum analyze metric_points", connection);
        await analyze.ExecuteNonQueryAsync();
    }
}
