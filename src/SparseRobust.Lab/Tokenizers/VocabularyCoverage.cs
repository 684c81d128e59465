namespace SparseRobust.Lab.Tokenizers;

/// <summary>How a vocabulary cuts up the words of a text.</summary>
/// <param name="Words">Words of the text, punctuation marks included.</param>
/// <param name="Pieces">Pieces they become; [UNK] is one.</param>
/// <param name="UnknownWords">Words that become [UNK].</param>
public sealed record VocabularyCoverage(long Words, long Pieces, long UnknownWords)
{
    /// <summary>Mean number of pieces of a word; 1 at least, and 0 without words.</summary>
    public double PiecesPerWord => Words == 0 ? 0 : (double)Pieces / Words;

    /// <summary>Share of the words that become [UNK], in [0, 1].</summary>
    public double UnknownShare => Words == 0 ? 0 : (double)UnknownWords / Words;
}
