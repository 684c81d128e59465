using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>Small datasets that were read from a file, as far as the cache can tell, and what their ids must be.</summary>
internal static class TokenSamples
{
    public static readonly WordPiece Tokenizer = OfWords(19);

    /// <summary>Pairs, single texts, empty texts, unknown words, accents and characters outside the basic plane.</summary>
    public static Dataset Mixed { get; } = Of(
        ("w5 w6 w7", "w8 w9"), ("w10", null), ("", ""), ("", null), ("", "w5"), ("w5", ""), ("not there", "W6, W7."), ("\u00E9 \U0001F600", "w11\u00DF"),
        (string.Join(' ', Enumerable.Repeat("w12", 40)), string.Join(' ', Enumerable.Repeat("w13", 50))));

    public static WordPiece OfWords(int words) =>
        new(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, words).Select(id => FormattableString.Invariant($"w{id}"))]));

    public static Dataset Of(params (string First, string? Second)[] texts) =>
        new("sample", "dev", LabelSet.ThreeWayNli, [.. texts.Select((text, i) => new Example($"row {i}", text.First, text.Second, i % 3))], "5a") { SourcePath = "sample.tsv" };

    public static RowEncoder Encoder(int maxLength = 64, Truncation truncation = Truncation.LongestFirst) => new(Tokenizer, maxLength, truncation);

    public static TokenLayout LayoutOf(Dataset dataset, RowEncoder encoder) =>
        new(TokenKey.Of(dataset, encoder), dataset.Examples.Count, encoder.MaxLength, encoder.Truncation, encoder.Tokenizer.Count);

    public static void AssertEncodes(Dataset dataset, RowEncoder encoder, TokenRows rows) => AssertSame([.. encoder.Encode(dataset, CancellationToken.None)], rows);

    public static void AssertSame(IReadOnlyList<Encoding> expected, TokenRows rows)
    {
        Assert.Equal(expected.Select(row => new TokenRow(row.Length, row.FirstSegmentLength, row.TruncatedTokens)), rows);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i].Ids.Select(id => (long)id), IdsOf(rows, i));
    }

    public static long[] IdsOf(TokenRows rows, int row)
    {
        var ids = new long[rows[row].Length];
        rows.CopyIds(row, ids);
        return ids;
    }
}
