using System.Security.Cryptography;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Pretraining;

public sealed class CorpusTokensTests : IDisposable
{
    private const string Small = "w00 w01a. W02 w03\nnothing w04\n\nw05\n";

    private readonly TemporaryFolder _folder = new();

    private string TokensPath => _folder.File(CorpusTokens.FileName);

    public void Dispose() => _folder.Dispose();

    // "." is no word of the vocabulary, so it is [UNK], as "nothing" is.
    [Fact]
    public void Sentences_documents_and_ids_are_those_of_the_text()
    {
        using var corpus = CorpusSamples.Of(_folder, Small);
        Assert.Equal([5, 6, 45, 1, 7, 8, 1, 9, 10], CorpusSamples.Ids(corpus));
        Assert.Equal([0, 4, 6, 8, 9], corpus.SentenceStarts.ToArray());
        Assert.Equal([0, 3, 4], corpus.DocumentStarts.ToArray());
        Assert.Equal((2, 4, 9L, 0, true, true), (corpus.Documents, corpus.Sentences, corpus.Tokens, corpus.BrokenLines, corpus.LowerCase, corpus.WasMade));
        Assert.Empty(corpus.Notes);
    }

    // 128 bytes of header, 9 ids of 2 bytes, 4 sentences and 2 documents of 4 bytes, the vocabulary, 32 bytes of SHA-256.
    [Fact]
    public void The_file_has_the_bytes_that_its_description_says()
    {
        using var corpus = CorpusSamples.Of(_folder, Small);
        var bytes = File.ReadAllBytes(TokensPath);
        var vocabulary = string.Concat(CorpusSamples.Vocabulary.Tokens.Select(token => token + "\n"));
        Assert.Equal(128 + 18 + 16 + 8 + vocabulary.Length + 32, bytes.Length);
        Assert.Equal(corpus.FileBytes, bytes.Length);
        Assert.Equal("SRCORPUS"u8, bytes.AsSpan(0, 8));
        Assert.Equal([1, 1, 1, 48, vocabulary.Length, 2, 4, 0], Enumerable.Range(0, 8).Select(i => BitConverter.ToInt32(bytes, 8 + 4 * i)));
        Assert.Equal(9, BitConverter.ToInt64(bytes, 48));
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(_folder.File("corpus.txt"))), bytes[96..128]);
        Assert.Equal([4, 2, 2, 1, 3, 1], Enumerable.Range(0, 6).Select(i => BitConverter.ToInt32(bytes, 146 + 4 * i)));
        Assert.Equal(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)), bytes[^32..]);
    }

    [Fact]
    public void A_file_alone_is_enough_on_another_machine()
    {
        using var made = CorpusSamples.Of(_folder, CorpusSamples.Random(20, 1));
        File.Delete(_folder.File("corpus.txt"));
        Directory.CreateDirectory(_folder.File("elsewhere"));
        File.Copy(TokensPath, _folder.File("elsewhere", "some.name"));
        foreach (var path in new[] { _folder.Path, TokensPath, _folder.File("elsewhere", "some.name") })
        {
            using var opened = CorpusTokens.Open(path);
            Assert.Equal(CorpusSamples.Ids(made), CorpusSamples.Ids(opened));
            Assert.Equal(made.SentenceStarts.ToArray(), opened.SentenceStarts.ToArray());
            Assert.Equal(made.DocumentStarts.ToArray(), opened.DocumentStarts.ToArray());
            Assert.Equal((made.Vocabulary.Sha256, made.Identity, made.TextSha256, false), (opened.Vocabulary.Sha256, opened.Identity, opened.TextSha256, opened.WasMade));
        }
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => CorpusTokens.Open(_folder.File("elsewhere"))).Code);
    }

    [Theory]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Ids_take_two_bytes_up_to_65536_tokens_and_four_above(int size, int bytes)
    {
        var tokenizer = new WordPiece(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, size - 5).Select(id => FormattableString.Invariant($"v{id}"))]));
        using var corpus = CorpusTokens.Make(CorpusSamples.Write(_folder, $"v{size - 1} v5\n\nv65535"), tokenizer, _folder.Path, CancellationToken.None);
        Assert.Equal([size - 1, 5, 65_535], CorpusSamples.Ids(corpus));
        Assert.Equal(128 + 3 * bytes + 16 + tokenizer.Vocabulary.Tokens.Sum(token => token.Length + 1) + 32, corpus.FileBytes);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_number_of_threads()
    {
        var text = CorpusSamples.Write(_folder, CorpusSamples.Random(300, 2));
        var threads = get_num_threads();
        try
        {
            foreach (var count in new[] { 1, 4 })
            {
                set_num_threads(count);
                CorpusTokens.Make(text, CorpusSamples.Tokenizer, _folder.File($"{count}"), CancellationToken.None).Dispose();
            }
        }
        finally
        {
            set_num_threads(threads);
        }
        Assert.Equal(File.ReadAllBytes(_folder.File("1", CorpusTokens.FileName)), File.ReadAllBytes(_folder.File("4", CorpusTokens.FileName)));
    }

    [Fact]
    public void A_file_that_is_there_is_used_and_another_text_vocabulary_or_casing_replaces_it_with_a_note()
    {
        CorpusSamples.Of(_folder, Small).Dispose();
        var text = Corpus.Of(_folder.File("corpus.txt"));
        using (var again = CorpusTokens.Make(text, CorpusSamples.Tokenizer, _folder.Path, CancellationToken.None))
            Assert.False(again.WasMade);
        Replaced(text, new WordPiece(CorpusSamples.Vocabulary, lowerCase: false));
        Replaced(text, new WordPiece(new Vocabulary([.. CorpusSamples.Vocabulary.Tokens, "w40"])));
        Replaced(CorpusSamples.Write(_folder, Small + "w06"), new WordPiece(new Vocabulary([.. CorpusSamples.Vocabulary.Tokens, "w40"])));

        void Replaced(Corpus text, WordPiece tokenizer)
        {
            using var made = CorpusTokens.Make(text, tokenizer, _folder.Path, CancellationToken.None);
            Assert.Equal((true, tokenizer.Vocabulary.Sha256, tokenizer.LowerCase), (made.WasMade, made.Vocabulary.Sha256, made.LowerCase));
            Assert.Contains("made again", Assert.Single(made.Notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_cache_keeps_corpora_apart_and_finds_them_again()
    {
        var text = CorpusSamples.Write(_folder, Small);
        using var first = CorpusTokens.Cached(text, CorpusSamples.Tokenizer, _folder.Path, CancellationToken.None);
        using var cased = CorpusTokens.Cached(text, new WordPiece(CorpusSamples.Vocabulary, lowerCase: false), _folder.Path, CancellationToken.None);
        using var again = CorpusTokens.Cached(text, CorpusSamples.Tokenizer, _folder.Path, CancellationToken.None);
        Assert.Equal((true, true, false), (first.WasMade, cased.WasMade, again.WasMade));
        Assert.Equal(first.Identity, again.Identity);
        Assert.NotEqual(first.Identity, cased.Identity);
        Assert.Equal(2, Directory.GetFiles(_folder.File("cache", "corpus"), CorpusTokens.FileName, SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_cancelled_making_leaves_no_file()
    {
        var text = CorpusSamples.Write(_folder, Small);
        Assert.ThrowsAny<OperationCanceledException>(() => CorpusTokens.Make(text, CorpusSamples.Tokenizer, _folder.File("out"), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(_folder.File("out")));
    }

    [Fact]
    public void Reading_outside_the_corpus_or_after_its_end_of_life_is_refused()
    {
        var corpus = CorpusSamples.Of(_folder, Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.CopyIds(-1, new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.CopyIds(8, new long[2]));
        corpus.Dispose();
        Assert.Throws<ObjectDisposedException>(() => corpus.CopyIds(0, new long[1]));
    }

    // Half of the damage hits the header, which is a small part of the file. Every second file gets a right checksum over its wrong contents.
    [Fact]
    public void A_damaged_file_is_refused_or_gives_ids_of_its_vocabulary_whatever_the_damage()
    {
        CorpusSamples.Of(_folder, CorpusSamples.Random(6, 3)).Dispose();
        var original = File.ReadAllBytes(TokensPath);
        var random = new SplitMix64(20_261_125);
        var read = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Damage(original, random);
            var isForged = round % 2 == 0 && bytes.Length >= 32;
            if (isForged)
                SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes, bytes.Length - 32);
            if (bytes.AsSpan().SequenceEqual(original))
                continue;
            File.WriteAllBytes(TokensPath, bytes);
            try
            {
                using var corpus = CorpusTokens.Open(TokensPath);
                Assert.True(isForged);
                Assert.All(CorpusSamples.Ids(corpus), id => Assert.InRange(id, 0, corpus.Vocabulary.Count - 1));
                Assert.Equal(corpus.Tokens, corpus.SentenceStarts[^1]);
                read++;
            }
            catch (LabException refusal)
            {
                Assert.Equal(ProblemCode.ArtifactCorrupt, refusal.Code);
            }
        }
        Assert.InRange(read, 1, 1_000);
    }

    [Fact]
    public void A_damaged_file_is_made_again_and_told()
    {
        CorpusSamples.Of(_folder, Small).Dispose();
        var original = File.ReadAllBytes(TokensPath);
        foreach (var damaged in new[] { original[..^1], [], [.. original, 0], [.. original[..140], (byte)~original[140], .. original[141..]] })
        {
            File.WriteAllBytes(TokensPath, damaged);
            using var made = CorpusSamples.Of(_folder, Small);
            Assert.Contains("That was done now", Assert.Single(made.Notes), StringComparison.Ordinal);
            Assert.Equal(original, File.ReadAllBytes(TokensPath));
        }
    }

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(3); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Count, CorpusHeader.Bytes) : bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, Math.Min(1 + random.Next(40), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, new byte[1 + random.Next(40)]); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
