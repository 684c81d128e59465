using System.Security.Cryptography;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("rows.tokens");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    public void Rows_read_back_as_they_were_encoded(int maxLength)
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder(maxLength));
        using var rows = Written(dataset, encoder);
        TokenSamples.AssertEncodes(dataset, encoder, rows);
        Assert.Equal(maxLength == 64 ? 1 : 0, rows.Count(row => row.TruncatedTokens > 0));
    }

    [Fact]
    public void A_dataset_without_rows_is_a_file_too()
    {
        using var rows = Written(TokenSamples.Of(), TokenSamples.Encoder());
        Assert.Empty(rows);
        Assert.Equal(64 + 32, new FileInfo(FilePath).Length);
    }

    [Theory]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Ids_take_two_bytes_up_to_65536_tokens_and_four_above(int vocabulary, int bytes)
    {
        var encoder = TokenSamples.Encoder() with { Tokenizer = TokenSamples.OfWords(vocabulary - 5) };
        var dataset = TokenSamples.Of(($"w{vocabulary - 1} w5", "w65535"));
        using var rows = Written(dataset, encoder);
        TokenSamples.AssertEncodes(dataset, encoder, rows);
        Assert.Equal(vocabulary - 1, TokenSamples.IdsOf(rows, 0)[1]);
        Assert.Equal(64 + 6 * bytes + 12 + 32, new FileInfo(FilePath).Length);
    }

    // 64 bytes of header, 6 ids of 2 bytes, 3 numbers of 4 bytes, 32 bytes of SHA-256.
    [Fact]
    public void A_file_has_the_bytes_that_its_description_says()
    {
        var (dataset, encoder) = (TokenSamples.Of(("w5 w6", "w7")), TokenSamples.Encoder(maxLength: 8, Truncation.Refuse));
        Written(dataset, encoder).Dispose();
        var bytes = File.ReadAllBytes(FilePath);
        Assert.Equal("SRTOKENS"u8, bytes.AsSpan(0, 8));
        Assert.Equal([1, 2, 1, 8, 0, 24], Numbers(bytes, 8, 6));
        Assert.Equal(TokenKey.Of(dataset, encoder), Convert.ToHexStringLower(bytes[32..64]));
        Assert.Equal([2, 5, 6, 3, 7, 3], Enumerable.Range(0, 6).Select(i => (int)BitConverter.ToUInt16(bytes, 64 + 2 * i)));
        Assert.Equal([6, 4, 0], Numbers(bytes, 76, 3));
        Assert.Equal(SHA256.HashData(bytes.AsSpan(0, 88)), bytes[88..]);
    }

    [Fact]
    public void A_file_of_other_rows_is_refused()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        Written(dataset, encoder).Dispose();
        var layout = TokenSamples.LayoutOf(dataset, encoder);
        foreach (var other in new[] { layout with { Key = new string('0', 64) }, layout with { MaxLength = 65 }, layout with { Truncation = Truncation.Refuse }, layout with { VocabularySize = 25 }, layout with { Rows = 8 }, layout with { Rows = 10 } })
            Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => MappedTokens.Open(FilePath, other)).Code);
    }

    // The checksum is right, so what is wrong was written that way.
    [Theory]
    [InlineData(0, 7, "ids together")] // more ids than there are
    [InlineData(0, 5, "ids together")] // fewer
    [InlineData(0, 0, "row 0")]
    [InlineData(0, -6, "row 0")]
    [InlineData(0, 65, "row 0")] // over the maximum
    [InlineData(1, 7, "row 0")] // a first segment longer than the row
    [InlineData(1, 0, "row 0")]
    [InlineData(2, -1, "row 0")]
    public void A_row_that_cannot_be_is_refused_though_the_checksum_is_right(int field, int value, string what)
    {
        var (dataset, encoder) = (TokenSamples.Of(("w5 w6", "w7")), TokenSamples.Encoder());
        Written(dataset, encoder).Dispose();
        Forge(bytes => BitConverter.TryWriteBytes(bytes.AsSpan(76 + 4 * field), value));
        var refusal = Assert.Throws<LabException>(() => MappedTokens.Open(FilePath, TokenSamples.LayoutOf(dataset, encoder)));
        Assert.Equal(ProblemCode.ArtifactCorrupt, refusal.Code);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused_though_the_checksum_is_right()
    {
        var (dataset, encoder) = (TokenSamples.Of(("w5 w6", "w7")), TokenSamples.Encoder());
        Written(dataset, encoder).Dispose();
        Forge(bytes => BitConverter.TryWriteBytes(bytes.AsSpan(64 + 2 * 5), (ushort)24));
        Assert.Contains("outside the vocabulary of 24", Assert.Throws<LabException>(() => MappedTokens.Open(FilePath, TokenSamples.LayoutOf(dataset, encoder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_let_go_file_is_not_read_any_more_and_rows_need_their_room()
    {
        var rows = Written(TokenSamples.Mixed, TokenSamples.Encoder());
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.CopyIds(0, new long[rows[0].Length - 1]));
        Assert.Throws<IndexOutOfRangeException>(() => rows.CopyIds(rows.Count, new long[64]));
        rows.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows.CopyIds(0, new long[64]));
    }

    [LinuxFact("/proc/self/maps")]
    public void Nothing_of_the_file_stays_open_but_the_mapping_and_that_goes_too()
    {
        var rows = Written(TokenSamples.Mixed, TokenSamples.Encoder());
        Assert.Contains(FilePath, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Assert.DoesNotContain(FilePath, Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget));
        rows.Dispose();
        Assert.DoesNotContain(FilePath, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    private MappedTokens Written(Dataset dataset, RowEncoder encoder)
    {
        var layout = TokenSamples.LayoutOf(dataset, encoder);
        TokenFile.Write(FilePath, layout, encoder.Encode(dataset, CancellationToken.None));
        return MappedTokens.Open(FilePath, layout);
    }

    private void Forge(Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(FilePath);
        change(bytes);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes, bytes.Length - 32);
        File.WriteAllBytes(FilePath, bytes);
    }

    private static IEnumerable<int> Numbers(byte[] bytes, int start, int count) => Enumerable.Range(0, count).Select(i => BitConverter.ToInt32(bytes, start + 4 * i));
}
