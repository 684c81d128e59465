namespace SparseRobust.Lab.Tokenizers;

/// <summary>A text's pieces and where each stands in the text as it was given, before cleaning and folding.</summary>
/// <param name="Ids">Token ids, without special tokens.</param>
/// <param name="Offsets">The range of each token in UTF-16 units; as many as there are ids.</param>
/// <remarks>Of WordPiece: no range is empty or parts a surrogate pair, and starts and ends ascend. Two ranges share text in one case only: when one character folds to
/// several that fall into different pieces (a Hangul syllable), each of the pieces covers that character. [UNK] covers its whole word. An accent that is
/// stripped belongs to the letter before it; spaces and dropped control characters belong to no token unless one stands inside a piece. Of byte-level BPE:
/// the same, but a character whose bytes fall into several pieces belongs to each of them, and a token that stands only for the space put before a text has the empty range 0 .. 0.</remarks>
public sealed record TokensWithOffsets(int[] Ids, TextRange[] Offsets)
{
    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Length;
}
