using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using SparseRobust.Benchmarks.Engine;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Benchmarks;

/// <summary>How many megabytes of English text a tokenizer reads a second, ours and Hugging Face's JavaScript one (tests/TokenizerPeer), each on one thread in a process of its own, in turn.</summary>
internal static class TokenizersBenchmark
{
    private const int Rounds = 5;
    private const int Lines = 10_000;
    private const string Command = "npm ci --prefix tests/TokenizerPeer; dotnet run -c Release --project tests/Benchmarks -- tokenizers";

    private const int WarmUps = 2; // As in ids.mjs.

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DatasetFolders.Variable)))
        {
            await Console.Error.WriteLineAsync($"{DatasetFolders.Variable} is not set: it names the folder of the Wikipedia text and the vocabularies that are read here.");
            return 2;
        }
        var root = Directory.CreateTempSubdirectory("sparserobust-tokenizers");
        try
        {
            await RunAsync(root.FullName, cancellation);
            return 0;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>Our side, once, in this process; prints its numbers as a line of JSON.</summary>
    public static int Measure(string folder, string texts)
    {
        var tokenizer = TokenizerFolder.Load(folder);
        var lines = File.ReadAllText(texts).Split('\n');
        for (var warmUp = 0; warmUp < WarmUps; warmUp++)
            Count(tokenizer, lines);
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var ids = Count(tokenizer, lines);
        Console.WriteLine(JsonSerializer.Serialize(new TokenizersRun("", "", ids, clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds), Snake));
        return 0;
    }

    private static long Count(Tokenizer tokenizer, string[] lines) => lines.Sum(line => (long)tokenizer.Tokenize(line).Length);

    private static async Task RunAsync(string root, CancellationToken cancellation)
    {
        var folders = DatasetFolders.FromEnvironment([]);
        var texts = Path.Combine(root, "texts.txt");
        await File.WriteAllTextAsync(texts, string.Join('\n', TextLines.Read(folders.Find("the Wikipedia text", "text_corpus/enwiki2015_subset.txt.gz"), cancellation).Where(line => line.Length > 0).Where((_, index) => index % 20 == 0).Take(Lines)), cancellation);
        (string Name, string Folder)[] tokenizers = [("WordPiece, bert-base-uncased", Path.Combine(root, "wordpiece")), ("byte-level BPE, GPT-2", Path.Combine(root, "bpe"))];
        new WordPiece(Vocabulary.Load(folders.Find("the vocabulary", FileVocabulary.BertBaseUncased))).Save(tokenizers[0].Folder);
        (await Gpt2Async(folders, Path.Combine(root, "gpt2"), cancellation)).Save(tokenizers[1].Folder);
        var report = new ResultFiles("tokenizers", "Tokenizers: ours and Hugging Face's in JavaScript", Command, threads: 1);
        var runs = new List<TokenizersRun>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, folder) in tokenizers)
            {
                runs.Add(await MeasureAsync(new Participant("ours", "dotnet", [typeof(TokenizersBenchmark).Assembly.Location, "tokenizers", folder, texts], new Dictionary<string, string>()), name, cancellation));
                runs.Add(await MeasureAsync(new Participant("peer", "node", [Path.Combine(Checkout.Root, "tests", "TokenizerPeer", "ids.mjs"), folder, texts], new Dictionary<string, string>()), name, cancellation));
            }
            report.Write([Table(tokenizers.Select(tokenizer => tokenizer.Name), runs, new FileInfo(texts).Length), Notes(runs, new FileInfo(texts).Length)], runs);
        }
    }

    private static async Task<Tokenizer> Gpt2Async(DatasetFolders folders, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await using (var packed = new GZipStream(File.OpenRead(folders.Find("GPT-2's vocabulary", "vocab/gpt2-vocab.json.gz")), CompressionMode.Decompress))
        await using (var file = File.Create(Path.Combine(folder, "vocab.json")))
            await packed.CopyToAsync(file, cancellation);
        File.Copy(folders.Find("GPT-2's merges", "vocab/gpt2-merges.txt"), Path.Combine(folder, "merges.txt"));
        return TokenizerFolder.Load(folder);
    }

    private static async Task<TokenizersRun> MeasureAsync(Participant participant, string tokenizer, CancellationToken cancellation)
    {
        var (lines, failure) = await MeasuredProcess.RunAsync(participant, [], threads: 1, cancellation);
        if (failure is not null)
            throw new InvalidOperationException($"{participant.Name}: {failure}");
        Console.WriteLine($"{tokenizer}, {participant.Name}: {lines[^1].ToJsonString()}");
        return lines[^1].Deserialize<TokenizersRun>(Snake)! with { Tokenizer = tokenizer, Side = participant.Name };
    }

    private static string Table(IEnumerable<string> tokenizers, List<TokenizersRun> runs, long bytes)
    {
        return string.Join('\n', ["| tokenizer | ours, MB/s | peer, MB/s | ours / peer |", "|---|---|---|---|", .. tokenizers.Select(Row)]);

        string Row(string name)
        {
            var (ours, peer) = (Rates(name, "ours"), Rates(name, "peer"));
            var ratio = Spread.Of(ours.Zip(peer, (one, other) => one / other))!;
            return string.Create(CultureInfo.InvariantCulture, $"| {name} | {Of(ours)} | {Of(peer)} | {ratio.Median:0.0} [{ratio.Min:0.0}, {ratio.Max:0.0}] |");
        }

        List<double> Rates(string name, string side) => [.. runs.Where(run => run.Tokenizer == name && run.Side == side).Select(run => bytes / 1e6 / run.ProcessorSeconds)];

        string Of(List<double> rates) => Spread.Of(rates) is { } spread ? string.Create(CultureInfo.InvariantCulture, $"{spread.Median:0.0} [{spread.Min:0.0}, {spread.Max:0.0}]") : "";
    }

    private static string Notes(List<TokenizersRun> runs, long bytes) => string.Create(CultureInfo.InvariantCulture, $"""
        {Lines:N0} paragraphs of English Wikipedia, {bytes / 1e6:0.0} MB of UTF-8; ids: {string.Join(", ", runs.Select(run => run.Ids).Distinct().Select(ids => ids.ToString("N0", CultureInfo.InvariantCulture)))}, the same on both sides.
        Median of {runs.Count(run => run.Tokenizer == runs[0].Tokenizer && run.Side == "ours")} rounds [least, greatest], the two in turn, the ratio round by round; every number is the last of {WarmUps + 1} passes over the text in a process of its own, by its processor time, on one thread.
        Byte-level BPE remembers the pieces of words on both sides (ours of up to 32,768, the peer of 10,000), so the passes before help it; WordPiece remembers nothing.
        The peer is @huggingface/tokenizers 0.2.0 under node, the tokenizer inside @huggingface/transformers. Above 0.5 the load at the start says that the machine was shared.
        """);
}

/// <summary>One process.</summary>
internal sealed record TokenizersRun(string Tokenizer, string Side, long Ids, double ClockSeconds, double ProcessorSeconds);
