namespace SparseRobust.Lab.Tokenizers;

/// <summary>Cuts each word into the longest pieces that the vocabulary has, from left to right; a word with any part outside it, or too long, becomes one [UNK].</summary>
/// <remarks>Source: Hugging Face WordpieceTokenizer.</remarks>
/// <param name="vocabulary">The pieces.</param>
internal readonly struct GreedyPieces(Vocabulary vocabulary) : IWordTaker
{
    /// <inheritdoc/>
    public void Take<TPieces>(scoped ref readonly WordBuffer word, scoped ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        if (word.IsTooLong)
            pieces.AddWord(vocabulary.UnknownId);
        else
            Take(word.Units, ref pieces);
    }

    /// <summary>As for a word, given by its units.</summary>
    public void Take<TPieces>(scoped ReadOnlySpan<char> word, scoped ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        var before = pieces.Count;
        for (var start = 0; start < word.Length;)
        {
            var length = Math.Min(word.Length - start, vocabulary.LongestToken);
            var id = 0;
            while (length > 0 && !vocabulary.TryFind(word.Slice(start, length), start == 0, out id))
                length--;
            if (length == 0)
            {
                pieces.CutTo(before);
                pieces.AddWord(vocabulary.UnknownId);
                return;
            }
            pieces.AddPiece(id, start, length);
            start += length;
        }
    }
}
