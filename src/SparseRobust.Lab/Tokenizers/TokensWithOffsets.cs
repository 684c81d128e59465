namespace SparseRobust.Lab.Tokenizers;

/// <summary>A text's pieces and where each stands in the text as it was given, before cleaning and folding.</summary>
/// <param name="Ids">Token ids, without special tokens.</param>
/// <param name="Offsets">The range of each token in UTF-16 units; as many as there are ids.</param>
/// <remarks>No range is empty or parts a surrogate pair, and starts and ends ascend. Two ranges share text in one case only: when one character folds to
/// several that fall into different pieces (a Hangul syllable), each of the pieces covers that character. [UNK] covers its whole word. An accent that is
/// stripped belongs to the letter before it; spaces and dropped control characters belong to no token unless one stands inside a piece.</remarks>
public sealed record TokensWithOffsets(int[] Ids, TextRange[] Offsets)
{
    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Length;
}
