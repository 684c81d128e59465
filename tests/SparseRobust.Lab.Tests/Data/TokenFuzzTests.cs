using System.Security.Cryptography;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Data;

public sealed class TokenFuzzTests : IDisposable
{
    private const int Rounds = 500;

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_damaged_file_is_found_out_whatever_the_damage()
    {
        var (path, original) = Original();
        var random = new SplitMix64(20_261_122);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(original, random);
            File.WriteAllBytes(path, bytes);
            if (bytes.AsSpan().SequenceEqual(original))
                continue;
            Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => Open(path)).Code);
        }
    }

    [Fact]
    public void A_file_that_lies_under_a_right_checksum_is_refused_or_gives_ids_of_the_vocabulary()
    {
        var (path, original) = Original();
        var random = new SplitMix64(20_261_123);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(original, random);
            if (bytes.Length >= 32)
                SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes, bytes.Length - 32);
            File.WriteAllBytes(path, bytes);
            try
            {
                using var rows = Open(path);
                for (var i = 0; i < rows.Count; i++)
                    Assert.All(TokenSamples.IdsOf(rows, i), id => Assert.InRange(id, 0, 23));
                read++;
            }
            catch (LabException refusal)
            {
                Assert.Equal(ProblemCode.ArtifactCorrupt, refusal.Code);
            }
        }
        Assert.InRange(read, 1, Rounds - 1);
    }

    [Fact]
    public void The_cache_answers_as_if_nothing_had_been_damaged()
    {
        var (path, original) = Original();
        var random = new SplitMix64(20_261_124);
        for (var round = 0; round < Rounds / 10; round++)
        {
            File.WriteAllBytes(path, Damage(original, random));
            using var rows = new TokenCache(_root.Path).Rows(TokenSamples.Mixed, TokenSamples.Encoder(), CancellationToken.None);
            TokenSamples.AssertEncodes(TokenSamples.Mixed, TokenSamples.Encoder(), rows);
            Assert.Equal(original, File.ReadAllBytes(path));
        }
    }

    private static MappedTokens Open(string path) => MappedTokens.Open(path, TokenSamples.LayoutOf(TokenSamples.Mixed, TokenSamples.Encoder()));

    private (string Path, byte[] Bytes) Original()
    {
        var cache = new TokenCache(_root.Path);
        cache.Rows(TokenSamples.Mixed, TokenSamples.Encoder(), CancellationToken.None).Dispose();
        var path = Assert.Single(Directory.GetFiles(cache.Folder));
        return (path, File.ReadAllBytes(path));
    }

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(3); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(1 + random.Next(40), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: bytes.AddRange(new byte[length]); break;
                case 6: bytes.Reverse(at, length); break;
                default:
                    for (var i = at; i < at + length; i++)
                        bytes[i] = 0;
                    break;
            }
        }
        return [.. bytes];
    }
}
