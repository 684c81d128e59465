using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>BERT's words: cleaning, folding, then splitting at spaces, punctuation and CJK ideographs. Immutable and thread-safe; allocates nothing.</summary>
/// <remarks>Source: Hugging Face BasicTokenizer.</remarks>
/// <param name="folding">What is done with each character.</param>
internal sealed class BasicTokenizer(CharacterFolding folding)
{
    /// <summary>Reads a text word by word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">Takes each word when it ends.</param>
    /// <param name="pieces">Told of every unit that is read or left out, and handed to <paramref name="words"/>.</param>
    public void Read<TWords, TPieces>(string text, TWords words, scoped ref TPieces pieces)
        where TWords : struct, IWordTaker
        where TPieces : struct, IPieceSink, allows ref struct
    {
        var word = default(WordBuffer);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            switch (folding.KindOf(unit))
            {
                case CharacterKind.Word:
                    word.Add(folding.Fold(unit));
                    pieces.ReadUnit(i, i + 1);
                    break;
                case CharacterKind.Space:
                    Flush(ref word, words, ref pieces);
                    break;
                case CharacterKind.Isolated:
                    Flush(ref word, words, ref pieces);
                    word.Add(folding.Fold(unit));
                    pieces.ReadUnit(i, i + 1);
                    Flush(ref word, words, ref pieces);
                    break;
                case CharacterKind.Complex:
                    i += ReadComplex(text, i, ref word, words, ref pieces) - 1;
                    break;
                case CharacterKind.Dropped:
                    pieces.Drop(new Rune(unit), i + 1);
                    break;
            }
        }
        Flush(ref word, words, ref pieces);
    }

    // Surrogate pairs, letters that fold to several, and the capital sigma. Returns how many units of the text were read.
    private int ReadComplex<TWords, TPieces>(string text, int at, ref WordBuffer word, TWords words, scoped ref TPieces pieces)
        where TWords : struct, IWordTaker
        where TPieces : struct, IPieceSink, allows ref struct
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune))
            return 1; // A lone surrogate is of category Cs and is cleaned away.
        if (rune.Value == FinalSigma.Capital)
        {
            word.Add(FinalSigma.Lower(text, at, folding));
            pieces.ReadUnit(at, at + 1);
            return 1;
        }
        var end = at + rune.Utf16SequenceLength;
        Span<char> folded = stackalloc char[8];
        ReadOnlySpan<char> units = folding.IsCleanedAway(rune) ? [] : folded[..folding.Fold(rune, folded)];
        if (units.IsEmpty)
            pieces.Drop(rune, end);
        var ideograph = folding.IsIsolatedIdeograph(rune);
        foreach (var part in units.EnumerateRunes())
        {
            var isolated = ideograph || CharacterFolding.IsPunctuation(part);
            if (isolated)
                Flush(ref word, words, ref pieces);
            for (var unit = AddRune(part, ref word); unit > 0; unit--)
                pieces.ReadUnit(at, end);
            if (isolated)
                Flush(ref word, words, ref pieces);
        }
        return end - at;
    }

    // Returns how many units were added.
    private static int AddRune(Rune rune, ref WordBuffer word)
    {
        Span<char> units = stackalloc char[2];
        var count = rune.EncodeToUtf16(units);
        foreach (var unit in units[..count])
            word.Add(unit);
        return count;
    }

    private static void Flush<TWords, TPieces>(ref WordBuffer word, TWords words, scoped ref TPieces pieces)
        where TWords : struct, IWordTaker
        where TPieces : struct, IPieceSink, allows ref struct
    {
        if (word.IsEmpty)
            return;
        words.Take(in word, ref pieces);
        word.Clear();
        pieces.EndWord();
    }
}
