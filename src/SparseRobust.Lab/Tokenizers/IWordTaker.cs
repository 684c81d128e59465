namespace SparseRobust.Lab.Tokenizers;

/// <summary>What becomes of a word once <see cref="BasicTokenizer"/> has read it: pieces, or a count. A struct, so that the reading is compiled once for each.</summary>
internal interface IWordTaker
{
    /// <summary>Takes a word; never an empty one.</summary>
    void Take<TPieces>(scoped ref readonly WordBuffer word, scoped ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct;
}
