using System.Globalization;
using System.Text;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Checkpoints;

/// <summary>
/// Damaged files of weights, 2,000 of each format, the same on every machine: they are read or refused, never anything else, and never at a great cost.
/// SPARSEROBUST_FUZZ=100000 ./test.sh --filter FullyQualifiedName~WeightsFuzzTests reads that many of each.
/// </summary>
public sealed class WeightsFuzzTests : IDisposable
{
    private const int DefaultRounds = 2_000;
    private const long Seed = 20_261_122;
    private const long MostAllocated = 8 << 20;

    // What the formats are made of: opcodes and names of pickles, marks of archives, JSON, numbers at the edges.
    private static readonly byte[][] Pieces =
    [
        .. new[] { "cos\nsystem\n", "ctorch\nload\n", "(", "t", "}", "]", ")", "R", "b", "Q", "N", ".", "K\u00ff", "J\u00ff\u00ff\u00ff\u00ff", "h\0", "q\0", "\u0094", "U\u00ff", "X\u00ff\u00ff\u00ff\u007f", "2", "0",
            "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "../", "{", "[", "\"", ",", ":", "-1", "1e9", "9223372036854775807", "null", "F16", "F64", "data/0" }.Select(Encoding.Latin1.GetBytes),
        .. new uint[] { 0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF }.Select(BitConverter.GetBytes),
        .. new[] { long.MaxValue, long.MinValue, -1, 1L << 40 }.Select(BitConverter.GetBytes),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Formats => ["safetensors", "bin", "bin of views", "bin before 1.6", "bin of views before 1.6", "index", "config"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_damaged_file_is_read_or_refused_and_never_crashes(string format)
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("SPARSEROBUST_FUZZ") ?? $"{DefaultRounds}", CultureInfo.InvariantCulture);
        var (name, original) = Original(format);
        var live = LiveTensors.Settled();
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(_folder.File(name), Damage(original, SplitMix64.From(Seed, round)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(format);
            }
            catch (LabException refusal) when (refusal.Code is ProblemCode.ArtifactCorrupt or ProblemCode.ArtifactMissing)
            {
                refused++;
            }
            catch (Exception crash)
            {
                Assert.Fail($"{format}, round {round}: {crash}");
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostAllocated, $"{format}, round {round}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes allocated");
        }
        Assert.Equal(live, TensorCensus.Live);
        Assert.InRange(refused, rounds / 10, rounds - 1);
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
        var piece = Pieces[random.Next(Pieces.Length)];
        switch (random.Next(9))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes[at] = (byte)Math.Max(0, bytes[at] + random.Next(3) - 1); break;
            case 3: bytes.RemoveRange(at, Math.Min(1 + random.Next(20), bytes.Count - at)); break;
            case 4: bytes.RemoveRange(at, random.Next(3) == 0 ? bytes.Count - at : 1); break;
            case 5: bytes.InsertRange(at, piece); break;
            case 6: bytes.InsertRange(at, Enumerable.Repeat((byte)"(}]0"[random.Next(4)], random.Next(2000))); break;
            default:
                for (var i = 0; i < piece.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = piece[i];
                break;
        }
    }

    private (string Name, byte[] Bytes) Original(string format)
    {
        switch (format)
        {
            case "safetensors":
                using (var scope = NewDisposeScope())
                    TensorFile.Save(_folder.File("model.safetensors"), [("a", ones([3, 2])), ("b", ones([4], ScalarType.Float16)), ("c", ones([2], ScalarType.Int64)), ("d", zeros([0]))]);
                return ("model.safetensors", File.ReadAllBytes(_folder.File("model.safetensors")));
            case "index":
                using (var scope = NewDisposeScope())
                    foreach (var shard in new[] { "a", "b" })
                        TensorFile.Save(_folder.File($"{shard}.safetensors"), [(shard, ones([3, 2])), (shard + "2", ones([1]))]);
                return ("model.safetensors.index.json", """{"metadata": {"total_size": 56}, "weight_map": {"a": "a.safetensors", "a2": "a.safetensors", "b": "b.safetensors", "b2": "b.safetensors"}}"""u8.ToArray());
            case "config":
                return ("config.json", File.ReadAllBytes(RepositoryFiles.Fixture("bert", "config.json")));
            default:
                return ("pytorch_model.bin", TorchFiles.Bytes((format.Contains("views", StringComparison.Ordinal) ? "views" : "module") + (format.EndsWith("1.6", StringComparison.Ordinal) ? ", before 1.6" : "")));
        }
    }

    private void ReadAll(string format)
    {
        if (format == "config")
        {
            ModelConfig.Read(_folder.File("config.json"), needsLabels: false);
            return;
        }
        using var weights = ModelWeights.Open(_folder.Path);
        foreach (var stored in weights.Tensors.Where(tensor => tensor.Shape.Aggregate((UInt128)1, (product, dimension) => product * (UInt128)dimension) < 1 << 20))
        {
            using var scope = NewDisposeScope();
            using var target = empty([.. stored.Shape]);
            try
            {
                weights.CopyInto(stored, target);
            }
            catch (LabException refusal) when (refusal.Message.Contains("and weights are F32", StringComparison.Ordinal))
            {
                // The next tensor may be one of floating-point numbers.
                Assert.DoesNotContain(stored.DType, new[] { "F32", "F16", "BF16", "F64" });
            }
        }
    }
}
