using System.Globalization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

/// <summary>
/// Damaged files of tokenizers, 2,000 each, the same on every machine: what is read tokenises any text into its own ids, the rest is refused.
/// SPARSEROBUST_FUZZ=100000 ./test.sh --filter FullyQualifiedName~TokenizerFuzzTests reads that many of each.
/// </summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    private const int DefaultRounds = 2_000;
    private const long Seed = 20_261_122;

    private static readonly string[] Words = ["\"", "\\", "{", "}", "[", "]", "\\ud800", "\uFEFF", "null", "true", "1e999", "-1", "9999999999", ",", ":", " ", "\n", "\"type\":", "\"Ġ\"", "[PAD]", "BPE", "{\"type\":\"Sequence\",\"normalizers\":["];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Files => new()
    {
        { "tokenizer.json", true },
        { "tokenizer.json", false },
        { "vocab.txt", true },
        { "vocab.json", false },
        { "merges.txt", false },
        { "tokenizer_config.json", true },
        { "special_tokens_map.json", false },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Any_damaged_file_is_read_or_refused_and_never_crashes(string name, bool isBert)
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("SPARSEROBUST_FUZZ") ?? $"{DefaultRounds}", CultureInfo.InvariantCulture);
        Tokenizer original = isBert ? new WordPiece(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##s", "é", "a"])) : TinyBpe.Create();
        original.Save(_folder.Path);
        if (name != "tokenizer.json")
            File.Delete(_folder.File("tokenizer.json"));
        var whole = File.ReadAllBytes(_folder.File(name));
        for (var round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(_folder.File(name), Damage(whole, SplitMix64.From(Seed, round)));
            if (Fault() is { } fault)
                Assert.Fail($"{name}, round {round}: {fault}");
        }
    }

    private string? Fault()
    {
        try
        {
            var tokenizer = TokenizerFolder.Load(_folder.Path);
            return tokenizer.EncodePair("The thes' a\ud800 é", "a\n\n the", 64, Truncation.Refuse).Ids.Any(id => id < 0 || id >= tokenizer.Count) ? "an id outside the vocabulary" : null;
        }
        catch (LabException refusal)
        {
            return refusal.Code == ProblemCode.TokenizerInvalid ? null : refusal.ToString();
        }
        catch (Exception crash)
        {
            return crash.ToString();
        }
    }

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(4); edits > 0 && bytes.Count > 0; edits--)
            DamageOnce(bytes, random.Next(bytes.Count), random);
        return [.. bytes];
    }

    private static void DamageOnce(List<byte> bytes, int at, SplitMix64 random)
    {
        switch (random.Next(9))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at)); break;
            case 3 when random.Next(4) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at))); break;
            case 5: bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\" "[random.Next(4)], random.Next(200))); break;
            case 6: Swap(bytes, random); break;
            default: bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)])); break;
        }
    }

    // Two lines change places: ids and order go wrong while the file stays whole.
    private static void Swap(List<byte> bytes, SplitMix64 random)
    {
        var lines = System.Text.Encoding.Latin1.GetString([.. bytes]).Split('\n');
        var (one, other) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[one], lines[other]) = (lines[other], lines[one]);
        bytes.Clear();
        bytes.AddRange(System.Text.Encoding.Latin1.GetBytes(string.Join('\n', lines)));
    }
}
