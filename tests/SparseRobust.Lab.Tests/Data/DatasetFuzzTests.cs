using System.Globalization;
using System.Text;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>
/// Damaged files of every format, 2,000 each, the same on every machine: they are read or refused, never anything else.
/// SPARSEROBUST_FUZZ=100000 ./test.sh --filter FullyQualifiedName~DatasetFuzzTests reads that many of each.
/// </summary>
public sealed class DatasetFuzzTests : IDisposable
{
    private const int DefaultRounds = 2_000;
    private const long Seed = 20_261_121;

    private static readonly byte[][] Invalid = [[0xFF], [0xC0, 0x80], [0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFE, 0xFF]];

    private static readonly string[] Words = ["\t", "\n", "\r", "\"", "\\", "{", "}", "[", "]", "\\u", "\uFEFF", "'", "b'", "\\x", "-LRB-", "null", "1e999", "-", "\r\n\r\n"];

    private readonly DataFolder _folder = new(inMemory: true);

    public static TheoryData<string, bool> Files
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var file in DatasetFixtures.All.Keys)
                data.Add(file, false);
            data.Add("mnli.jsonl", true);
            data.Add("qqp.tsv", true);
            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Any_damaged_file_is_read_or_refused_and_never_crashes(string fixture, bool gzip)
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("SPARSEROBUST_FUZZ") ?? $"{DefaultRounds}", CultureInfo.InvariantCulture);
        // Only a reading without end comes this far.
        using var endless = new CancellationTokenSource(TimeSpan.FromMinutes(2) + (TimeSpan.FromMilliseconds(20) * rounds));
        var original = File.ReadAllBytes(_folder.Write("original", DataFolder.FixtureText(fixture), gzip));
        for (var round = 0; round < rounds; round++)
        {
            var file = _folder.Write("damaged", Damage(original, SplitMix64.From(Seed, round)));
            if (FaultOf(DatasetFixtures.All[fixture], file, endless.Token) is { } fault)
                Assert.Fail($"{fixture}, round {round}: {fault}");
        }
    }

    private static string? FaultOf(PublishedSplit split, string file, CancellationToken cancellation)
    {
        try
        {
            var data = split.Read(file, cancellation);
            return data.Examples.Select(row => FaultOf(row, data.Labels)).FirstOrDefault(fault => fault is not null);
        }
        catch (LabException refusal)
        {
            return refusal.Code == ProblemCode.DatasetInvalid ? null : refusal.ToString();
        }
        catch (Exception crash)
        {
            return crash.ToString();
        }
    }

    private static string? FaultOf(Example row, LabelSet labels) =>
        row.Label < 0 || row.Label >= labels.Count ? $"label {row.Label}"
        : row.Target is not null != labels.IsRegression || row.Target is < 0 or > 5 or float.NaN ? $"target {row.Target}"
        : row.FirstText is null ? "no text"
        : null;

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(6); edits > 0 && bytes.Count > 0; edits--)
            DamageOnce(bytes, random.Next(bytes.Count), random);
        return [.. bytes];
    }

    private static void DamageOnce(List<byte> bytes, int at, SplitMix64 random)
    {
        switch (random.Next(13))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at)); break;
            case 3: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4 or 5: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)])); break;
            case 6: bytes.InsertRange(at, new byte[1 + random.Next(8)]); break;
            case 7: bytes.InsertRange(at, Invalid[random.Next(Invalid.Length)]); break;
            case 8: bytes.InsertRange(at, bytes.GetRange(0, LineEnd(bytes, 0))); break; // The header, or the first row, once more.
            case 9: bytes.InsertRange(LineEnd(bytes, at), bytes.GetRange(at, LineEnd(bytes, at) - at)); break;
            case 10: bytes.InsertRange(at, Enumerable.Repeat((byte)"x\t\"["[random.Next(4)], LengthOfRun(random))); break;
            case 11: bytes.InsertRange(at, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":", random.Next(200))))); break;
            default: bytes.Insert(at, (byte)'"'); break;
        }
    }

    private static int LineEnd(List<byte> bytes, int from) => bytes.IndexOf((byte)'\n', from) is >= 0 and var end ? end + 1 : bytes.Count;

    // Mostly a long line, now and then a huge one.
    private static int LengthOfRun(SplitMix64 random) => random.Next(50) == 0 ? 1 << 20 : random.Next(4096);
}
