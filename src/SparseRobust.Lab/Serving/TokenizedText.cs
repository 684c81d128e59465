using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Serving;

/// <summary>A text or text pair as one predictor reads it: [CLS] text [SEP], or [CLS] text [SEP] pair [SEP]. Immutable and thread-safe.</summary>
public sealed class TokenizedText
{
    internal TokenizedText(Predictor reader, Encoding encoding) => (Reader, Encoding) = (reader, encoding);

    /// <summary>Token ids, special tokens included.</summary>
    public IReadOnlyList<int> Ids => Encoding.Ids;

    /// <summary>Token type of each id: 0 up to the first [SEP], 1 after it. A new list at each call.</summary>
    public IReadOnlyList<int> TokenTypeIds => [.. Enumerable.Range(0, Tokens).Select(i => i < Encoding.FirstSegmentLength ? 0 : 1)];

    /// <summary>How many ids there are.</summary>
    public int Tokens => Encoding.Length;

    /// <summary>Whether tokens were cut off.</summary>
    public bool WasTruncated => Encoding.TruncatedTokens > 0;

    internal Predictor Reader { get; }

    internal Encoding Encoding { get; }
}
