using System.Text;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Data;

namespace SparseRobust.Lab.Tests.Bias;

public sealed class FastTextBinaryTests : IDisposable
{
    private const int Buckets = 7;
    private static readonly string[] Words = ["</s>", "cat", "été"];
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void The_hash_of_ascii_is_fnv_1a(string text, uint expected) => Assert.Equal(expected, FastTextSubwords.Hash(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_above_127_are_sign_extended() =>
        Assert.Equal(unchecked((2166136261u ^ 0xFFFFFFC3u) * 16777619u), FastTextSubwords.Hash([0xC3]));

    [Fact]
    public void N_grams_are_of_characters_with_the_words_marks()
    {
        int Bucket(string ngram) => (int)(FastTextSubwords.Hash(Encoding.UTF8.GetBytes(ngram)) % 1000);
        // <é>: of one or two characters, but no lone mark.
        Assert.Equal(((string[])["<é", "é", "é>"]).Select(Bucket), new FastTextSubwords(1000, 1, 2).Of("é"));
        Assert.Equal(((string[])["<ca", "<cat", "cat", "cat>", "at>"]).Select(Bucket), new FastTextSubwords(1000, 3, 4).Of("cat"));
        Assert.Empty(new FastTextSubwords(1000, 3, 0).Of("cat"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void A_word_is_the_mean_of_its_row_and_its_n_grams_and_an_unknown_one_of_its_n_grams(int version)
    {
        var vectors = Load(Make(version: version), "cat Cat cats x");
        AssertVector(vectors, "cat", Mean([1, .. Rows("cat")]));
        AssertVector(vectors, "Cat", Mean([1, .. Rows("cat")]));
        AssertVector(vectors, "cats", Mean([.. Rows("cats")]));
        AssertVector(vectors, "x", Mean([.. Rows("x")]));
    }

    [Fact]
    public void Without_n_grams_an_unknown_word_has_no_vector()
    {
        var vectors = Load(Make(buckets: 0), "cat cats");
        AssertVector(vectors, "cat", Row(1));
        Assert.True(vectors.Of("cats").IsEmpty);
    }

    [Fact]
    public void Quantised_and_pruned_models_are_refused()
    {
        Assert.Contains("quantised", Refused(Make(quantised: true)), StringComparison.Ordinal);
        Assert.Contains("pruned", Refused(Make(pruned: 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var whole = Make();
        // From 4 bytes on the magic number says what it is.
        for (var length = 4; length < whole.Length; length++)
            Refused(whole[..length]);
    }

    [Theory]
    [InlineData(4, 13, "version is 13")]
    [InlineData(8, 0, "0 numbers")]
    [InlineData(8, 1 << 30, "numbers")]
    [InlineData(64, 5, "claims 5 entries")]
    [InlineData(40, 9, "matrix")]
    public void A_head_that_lies_is_refused_before_anything_is_read_by_it(int at, int value, string reason)
    {
        var bytes = Make();
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        Assert.Contains(reason, Refused(bytes), StringComparison.Ordinal);
    }

    private static float[] Row(int row) => [row + 1, 2 - row, row * row];

    private static IEnumerable<int> Rows(string word) => new FastTextSubwords(Buckets, 2, 3).Of(word).Select(bucket => Words.Length + bucket);

    private static float[] Mean(int[] rows) => [.. Enumerable.Range(0, 3).Select(i => rows.Sum(row => Row(row)[i]) / rows.Length)];

    private static void AssertVector(WordVectors vectors, string word, float[] expected)
    {
        var norm = Math.Sqrt(expected.Sum(x => x * x));
        Assert.Equal(expected.Select(x => x / norm), vectors.Of(word).ToArray().Select(x => (double)x), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private WordVectors Load(byte[] bytes, string text)
    {
        var path = _data.Write("model.bin", bytes);
        return new FastTextVectors { Path = path }.Load(BiasSource.Find(_data.Folders, path), [text], CancellationToken.None)!;
    }

    private string Refused(byte[] bytes)
    {
        var fault = Assert.Throws<LabException>(() => Load(bytes, "cat cats"));
        Assert.Equal(ProblemCode.ArtifactCorrupt, fault.Code);
        return fault.Message;
    }

    // A model of three words and one label, three numbers per vector, n-grams of two and three characters.
    private static byte[] Make(int version = 12, int buckets = Buckets, bool quantised = false, long pruned = -1)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var number in (int[])[793712314, version, 3, 5, 5, 1, 5, 1, 2, 2, buckets, 2, 3, 100])
            writer.Write(number);
        writer.Write(1e-4);
        foreach (var number in (int[])[Words.Length + 1, Words.Length, 1])
            writer.Write(number);
        writer.Write(1000L);
        writer.Write(pruned);
        foreach (var word in Words.Append("__label__x"))
        {
            writer.Write(Encoding.UTF8.GetBytes(word + "\0"));
            writer.Write(10L);
            writer.Write((byte)(word.StartsWith("__", StringComparison.Ordinal) ? 1 : 0));
        }
        writer.Write(quantised);
        writer.Write((long)Words.Length + buckets);
        writer.Write(3L);
        for (var row = 0; row < Words.Length + buckets; row++)
            foreach (var number in Row(row))
                writer.Write(number);
        writer.Flush();
        return bytes.ToArray();
    }
}
