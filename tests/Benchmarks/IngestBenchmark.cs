using System.Diagnostics;
using Npgsql;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Runs;

namespace SparseRobust.Benchmarks;

/// <summary>How many measured points a second one run's events become rows: projection, JSON, COPY and NOTIFY included, against one INSERT a point in batches of the same size.</summary>
internal static class IngestBenchmark
{
    private const int Steps = 10_000;
    private const int Repetitions = 3;
    private static readonly string[] Keys = ["train/loss", "train/learning_rate", "train/grad_norm", "train/epoch", "train/examples_per_second"];

    public static async Task<int> RunAsync()
    {
        await using var database = await BenchmarkDatabase.StartAsync();
        foreach (var batch in new[] { 10, 100, 1000, 5000 })
        {
            var ours = new List<double>();
            var peers = new List<double>();
            for (var repetition = 0; repetition < Repetitions; repetition++)
            {
                ours.Add(await CopyAsync(database, $"copy-{batch}-{repetition}", batch));
                peers.Add(await InsertAsync(database, $"insert-{batch}-{repetition}", batch));
            }
            Console.WriteLine($"batch {batch,5} steps: COPY {Median(ours),9:N0} points/s, INSERT {Median(peers),9:N0} points/s, ratio {Median(ours) / Median(peers):0.0}");
        }
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> CopyAsync(BenchmarkDatabase database, string id, int batch)
    {
        var store = new RunEventStore(database.Source);
        var lease = await database.RunAsync(id);
        var projection = new RunProjection();
        var steps = Math.Min(Steps, batch * 40);
        var clock = Stopwatch.StartNew();
        foreach (var part in Enumerable.Range(1, steps).Select(Event).Chunk(batch))
        {
            if (!await store.StoreAsync(lease, [.. part.Select(projection.Apply)], CancellationToken.None))
                throw new InvalidOperationException("the lease was lost");
        }
        return steps * Keys.Length / clock.Elapsed.TotalSeconds;
    }

    /// <summary>What one would write first: a transaction a batch, a prepared INSERT a point.</summary>
    private static async Task<double> InsertAsync(BenchmarkDatabase database, string id, int batch)
    {
        await database.RunAsync(id);
        var steps = Math.Min(Steps, batch * 40);
        var clock = Stopwatch.StartNew();
        foreach (var part in Enumerable.Range(1, steps).Select(Event).Chunk(batch))
        {
            await using var connection = await database.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("insert into metric_points (run_id, sequence, series, stage, step, value, time) values ($1, $2, $3, $4, $5, $6, $7)", connection, transaction);
            for (var i = 0; i < 7; i++)
                command.Parameters.Add(new NpgsqlParameter());
            foreach (var step in part)
            {
                foreach (var (key, value) in step.Values)
                {
                    object[] values = [id, step.Sequence, key, step.Stage, step.Step, value, step.Time.UtcDateTime];
                    for (var i = 0; i < values.Length; i++)
                        command.Parameters[i].Value = values[i];
                    await command.ExecuteNonQueryAsync();
                }
            }
            await transaction.CommitAsync();
        }
        return steps * Keys.Length / clock.Elapsed.TotalSeconds;
    }

    private static StepMeasured Event(int step) =>
        new("fine-tune", step, Steps, Keys.ToDictionary(key => key, key => Math.Sin(step) + key.Length)) { Sequence = step, Time = TimeProvider.System.GetUtcNow() };
}
