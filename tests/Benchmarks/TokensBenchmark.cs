using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Benchmarks.Engine;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Benchmarks;

/// <summary>How long it takes until the ids of MNLI dev, MNLI's training rows at hand and HANS are there, and to read them all: tokenised into memory, into the cache, and from the cache.</summary>
/// <remarks>Each way in a process of its own, in turn, so that peak memory is that way's own. Texts are read before the clock starts, since all ways need them.</remarks>
internal static class TokensBenchmark
{
    private const int Rounds = 5;
    private const int BatchSize = 32;
    private const int MaxLength = 128;
    private const int LargeRows = 392_702;
    private const string Command = "dotnet run -c Release --project tests/Benchmarks -- tokens";

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly (string Way, string Title)[] Ways =
    [
        ("memory", "tokenised into memory (no cache)"),
        ("cold", "cache cold: tokenised, written, mapped"),
        ("warm", "cache warm: checked and mapped"),
        ("cold-large", "cache cold, as many rows as MNLI's whole training set"),
        ("warm-large", "cache warm, as many rows as MNLI's whole training set"),
    ];

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DatasetFolders.Variable)))
        {
            await Console.Error.WriteLineAsync($"{DatasetFolders.Variable} is not set: it names the folder of the datasets that are read here, MNLI, HANS and the vocabulary of bert-base-uncased.");
            return 2;
        }
        var root = Directory.CreateTempSubdirectory("sparserobust-tokens");
        try
        {
            return await RunAsync(root.FullName, cancellation);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>One way, once, in this process; prints its numbers as a line of JSON.</summary>
    public static int Measure(string way, string root)
    {
        var folders = DatasetFolders.FromEnvironment([]);
        var train = Mnli.Train.Load(folders, CancellationToken.None);
        Dataset[] datasets = way.EndsWith("-large", StringComparison.Ordinal)
            ? [train with { Examples = [.. Enumerable.Range(0, LargeRows).Select(row => train.Examples[row % train.Examples.Count])] }]
            : [Mnli.DevMatched.Load(folders, CancellationToken.None), train, Hans.Evaluation.Load(folders, CancellationToken.None)];
        var encoder = new RowEncoder(new WordPiece(Vocabulary.Load(folders.Find("the vocabulary", FileVocabulary.BertBaseUncased))), MaxLength, Truncation.LongestFirst);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = way == "memory" ? null : new TokenCache(root);
        EncodedDataset[] encoded = [];
        var ready = Seconds(() => encoded = [.. datasets.Select(data => EncodedDataset.Encode(EvaluationSet.SameLabels(data), encoder, cache, CancellationToken.None))]);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (ids, sum) = (0L, 0L);
        var reading = Seconds(() => (ids, sum) = ReadAll(encoded));
        var batching = Seconds(() => MakeBatches(encoded));
        var hashing = Seconds(() => Array.ForEach(datasets, data => TokenKey.Of(data, encoder)));
        var fileBytes = cache is null ? 0 : Directory.GetFiles(cache.Folder).Sum(file => new FileInfo(file).Length);
        using var process = Process.GetCurrentProcess();
        var run = new TokensRun(way, encoded.Sum(data => data.Count), encoded.Sum(data => data.TruncatedRows), ids, sum, fileBytes, ready.Clock, ready.Processor, hashing.Processor, reading.Processor, batching.Processor, kept, process.PeakWorkingSet64);
        Console.WriteLine(JsonSerializer.Serialize(run, Snake));
        Array.ForEach(encoded, data => data.Dispose());
        return 0;
    }

    private static async Task<int> RunAsync(string root, CancellationToken cancellation)
    {
        var report = new ResultFiles("tokens", "Tokenised data: making it, opening it, reading it", Command, threads: 1);
        var runs = new List<TokensRun>();
        for (var round = 0; round < Rounds; round++)
        {
            var folder = Path.Combine(root, $"{round}");
            foreach (var (way, _) in Ways)
            {
                var participant = new Participant(way, "dotnet", [typeof(TokensBenchmark).Assembly.Location, "tokens", way, folder], new Dictionary<string, string>());
                var (lines, failure) = await MeasuredProcess.RunAsync(participant, [], threads: 1, cancellation);
                if (failure is not null)
                    throw new InvalidOperationException($"{way}: {failure}");
                runs.Add(lines[^1].Deserialize<TokensRun>(Snake)!);
                Console.WriteLine(lines[^1].ToJsonString());
            }
            report.Write([Table(runs), Notes(runs)], runs);
        }
        return runs.Select(run => (run.Rows, run.Ids, run.Sum, run.TruncatedRows)).Distinct().Count() == 2 ? 0 : throw new InvalidOperationException("the ways gave different ids");
    }

    // Processor time of the whole process: neighbours on the machine count less than on the clock.
    private static (double Clock, double Processor) Seconds(Action work)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        work();
        return (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static (long Ids, long Sum) ReadAll(EncodedDataset[] datasets)
    {
        var buffer = new long[MaxLength];
        long ids = 0, sum = 0;
        foreach (var rows in datasets.Select(data => data.Rows))
            for (var i = 0; i < rows.Count; i++)
            {
                var row = buffer.AsSpan(0, rows[i].Length);
                rows.CopyIds(i, row);
                ids += row.Length;
                foreach (var id in row)
                    sum += id;
            }
        return (ids, sum);
    }

    private static void MakeBatches(EncodedDataset[] datasets)
    {
        foreach (var data in datasets)
        {
            var order = Enumerable.Range(0, data.Count).ToArray();
            for (var start = 0; start < order.Length; start += BatchSize)
            {
                using var scope = NewDisposeScope();
                Batch.Of(data, order.AsSpan(start, Math.Min(BatchSize, order.Length - start)), new RowPadding(0), CPU);
            }
        }
    }

    private static string Table(List<TokensRun> runs)
    {
        var rows = Ways.Select(way => (way.Title, Runs: runs.Where(run => run.Way == way.Way).ToList())).Where(way => way.Runs.Count > 0).Select(way =>
            $"| {way.Title} | {Of(way.Runs, run => run.ClockSeconds, "0.000")} | {Of(way.Runs, run => run.ReadySeconds, "0.000")} | {Of(way.Runs, run => 1000 * run.HashingSeconds, "0.0")} | {Of(way.Runs, run => run.Rows / run.ReadySeconds, "N0")} | {Of(way.Runs, run => 2e-6 * run.Ids / run.ReadySeconds, "N1")} | {Of(way.Runs, run => run.Rows / run.ReadingSeconds, "N0")} | {Of(way.Runs, run => 2e-6 * run.Ids / run.ReadingSeconds, "N0")} | {Of(way.Runs, run => run.Rows / run.BatchingSeconds, "N0")} | {Of(way.Runs, run => run.KeptBytes / 1048576.0, "N1")} | {Of(way.Runs, run => run.PeakBytes / 1048576.0, "N0")} |");
        return string.Join('\n', ["| way | s on the clock until all ids are there | s of processor time | ms to hash the texts again | rows/s | MB/s | reading every row: rows/s | MB/s | batches of 32: rows/s | managed MiB of the ids | peak MiB of the process |", "|---|---|---|---|---|---|---|---|---|---|---|", .. rows]);
    }

    private static string Of(IEnumerable<TokensRun> runs, Func<TokensRun, double> value, string format)
    {
        var spread = Spread.Of(runs.Select(value))!;
        return string.Create(CultureInfo.InvariantCulture, $"{spread.Median.ToString(format, CultureInfo.InvariantCulture)} [{spread.Min.ToString(format, CultureInfo.InvariantCulture)}, {spread.Max.ToString(format, CultureInfo.InvariantCulture)}]");
    }

    private static string Notes(List<TokensRun> runs) => string.Create(CultureInfo.InvariantCulture, $"""
        MNLI dev, MNLI's training rows at hand and HANS (regenerated): {runs[0].Rows:N0} rows, {runs[0].Ids:N0} ids, {runs[0].TruncatedRows:N0} rows cut to {MaxLength}; the three files of the cache have {runs.First(run => run.Way == "cold").FileBytes:N0} bytes. The large set is MNLI's training rows at hand, repeated.
        Median of {runs.Count(run => run.Way == Ways[^1].Way)} processes each [least, greatest]; the ways take turns. All but the first column is processor time of the whole process, rates are per second of it. MB are 1,000,000 bytes of ids at two bytes each. Texts are read and kept by all ways alike, before the clock starts, and are most of the peak.
        Both ways with a cache include the hash of all texts for the key, which is timed once more by itself, and the check of the whole file; the cold way also fsync. A file that another process has just written is in the system's page cache. "Batches" makes the four tensors of a training step.
        """);
}

/// <summary>One process.</summary>
internal sealed record TokensRun(
    string Way, int Rows, int TruncatedRows, long Ids, long Sum, long FileBytes, double ClockSeconds, double ReadySeconds, double HashingSeconds, double ReadingSeconds, double BatchingSeconds, long KeptBytes, long PeakBytes);
