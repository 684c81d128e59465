using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Takes the pieces of a text as <see cref="WordPiece"/> finds them. One that keeps ids only ignores where they come from, at no cost: the
/// tokenizer is compiled once for each kind of sink.</summary>
internal interface IPieceSink
{
    /// <summary>How many pieces there are.</summary>
    int Count { get; }

    /// <summary>The word being read got one more unit, which comes from text[start .. end).</summary>
    void ReadUnit(int start, int end);

    /// <summary>A character that ends at <paramref name="end"/> was left out of the word being read.</summary>
    void Drop(Rune character, int end);

    /// <summary>Adds the piece that is made of the word's units first .. first + length - 1.</summary>
    void AddPiece(int id, int first, int length);

    /// <summary>Adds one piece for the whole word.</summary>
    void AddWord(int id);

    /// <summary>Forgets all pieces but the first <paramref name="count"/>.</summary>
    void CutTo(int count);

    /// <summary>The word is over; the next unit begins another.</summary>
    void EndWord();
}
