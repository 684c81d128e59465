using System.Globalization;
using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>BERT's tokenizer: cleaning, lower-casing, accent stripping, splitting at spaces, punctuation and CJK ideographs, then greedy longest-match pieces.</summary>
/// <remarks>Source: Hugging Face BertTokenizer, BasicTokenizer and WordpieceTokenizer. Deviates in one thing: special tokens written out in a text
/// ("[SEP]") are read as text, so data cannot forge structure. Immutable and thread-safe; allocates only the answer (and a pooled array for long texts).</remarks>
/// <param name="vocabulary">The pieces.</param>
/// <param name="lowerCase">Lower-case and strip accents (the uncased models).</param>
public sealed class WordPiece(Vocabulary vocabulary, bool lowerCase = true)
{
    /// <summary>To be raised when a text gets other ids than before; cached ids are then made again.</summary>
    internal const int Version = 1;

    private const int StackIds = 512;

    private readonly CharacterFolding _folding = lowerCase ? CharacterFolding.Uncased : CharacterFolding.Cased;

    /// <summary>The pieces and their ids.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary ?? throw new ArgumentNullException(nameof(vocabulary));

    /// <summary>Whether text is lower-cased and its accents stripped.</summary>
    public bool LowerCase { get; } = lowerCase;

    /// <summary>The ids of a text's pieces, without special tokens.</summary>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new IdBuffer(stackalloc int[StackIds]);
        try
        {
            Append(text, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>As <see cref="Tokenize"/>, the same ids, with each token's place in the text as given.</summary>
    public TokensWithOffsets TokenizeWithOffsets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new OffsetBuffer();
        Append(text, ref pieces);
        return pieces.ToTokens();
    }

    /// <summary>Encodes [CLS] first [SEP] second [SEP], or [CLS] first [SEP] when there is no second text.</summary>
    /// <param name="first">First segment.</param>
    /// <param name="second">Second segment, or null.</param>
    /// <param name="maxLength">Most ids allowed, special tokens included; at least 3, or 2 without a second text.</param>
    /// <param name="truncation">What to do with a longer pair. LongestFirst removes one token at a time from the end of the longer text, from the second when
    /// they are equal, as the reference's Python implementation does.</param>
    /// <exception cref="LabException">InputTooLong when the pair is longer and truncation is <see cref="Truncation.Refuse"/>.</exception>
    public Encoding EncodePair(string first, string? second, int maxLength, Truncation truncation)
    {
        ArgumentNullException.ThrowIfNull(first);
        var specials = second is null ? 2 : 3;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, specials);
        var ids = new IdBuffer(stackalloc int[StackIds]);
        try
        {
            Append(first, ref ids);
            var firstCount = ids.Count;
            if (second is not null)
                Append(second, ref ids);
            var excess = ids.Count + specials - maxLength;
            if (excess > 0 && truncation == Truncation.Refuse)
                throw TooLong(ids.Count + specials, maxLength);
            var (keepFirst, keepSecond) = Keep(firstCount, ids.Count - firstCount, maxLength - specials);
            return Assemble(ids.Ids[..keepFirst], second is null ? null : ids.Ids.Slice(firstCount, keepSecond), second is not null, Math.Max(excess, 0));
        }
        finally
        {
            ids.Dispose();
        }
    }

    private static LabException TooLong(int length, int limit) => new(ProblemCode.InputTooLong, string.Create(
        CultureInfo.InvariantCulture, $"The text is {length} tokens long, special tokens included, and the limit is {limit}: shorten it, raise the limit, or ask for truncation."));

    private static (int First, int Second) Keep(int first, int second, int budget)
    {
        if (first + second <= budget)
            return (first, second);
        var half = budget / 2;
        if (second <= half)
            return (budget - second, second);
        return first <= budget - half ? (first, budget - first) : (budget - half, half);
    }

    private Encoding Assemble(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool isPair, int cut)
    {
        var firstLength = first.Length + 2;
        var ids = new int[firstLength + (isPair ? second.Length + 1 : 0)];
        ids[0] = Vocabulary.ClsId;
        first.CopyTo(ids.AsSpan(1));
        ids[firstLength - 1] = Vocabulary.SepId;
        if (isPair)
        {
            second.CopyTo(ids.AsSpan(firstLength));
            ids[^1] = Vocabulary.SepId;
        }
        return new Encoding(ids, firstLength, cut);
    }

    private void Append<TPieces>(string text, ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        var word = default(WordBuffer);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            switch (_folding.KindOf(unit))
            {
                case CharacterKind.Word:
                    word.Add(_folding.Fold(unit));
                    pieces.ReadUnit(i, i + 1);
                    break;
                case CharacterKind.Space:
                    Flush(ref word, ref pieces);
                    break;
                case CharacterKind.Isolated:
                    Flush(ref word, ref pieces);
                    word.Add(_folding.Fold(unit));
                    pieces.ReadUnit(i, i + 1);
                    Flush(ref word, ref pieces);
                    break;
                case CharacterKind.Complex:
                    i += AppendComplex(text, i, ref word, ref pieces) - 1;
                    break;
                case CharacterKind.Dropped:
                    pieces.Drop(new Rune(unit), i + 1);
                    break;
            }
        }
        Flush(ref word, ref pieces);
    }

    // Surrogate pairs, letters that fold to several, and the capital sigma. Returns how many units of the text were read.
    private int AppendComplex<TPieces>(string text, int at, ref WordBuffer word, ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune))
            return 1; // A lone surrogate is of category Cs and is cleaned away.
        if (rune.Value == FinalSigma.Capital)
        {
            word.Add(FinalSigma.Lower(text, at, _folding));
            pieces.ReadUnit(at, at + 1);
            return 1;
        }
        var end = at + rune.Utf16SequenceLength;
        Span<char> folded = stackalloc char[8];
        ReadOnlySpan<char> units = CharacterFolding.IsControl(rune) ? [] : folded[.._folding.Fold(rune, folded)];
        if (units.IsEmpty)
            pieces.Drop(rune, end);
        var ideograph = CharacterFolding.IsIdeograph(rune);
        foreach (var part in units.EnumerateRunes())
        {
            var isolated = ideograph || CharacterFolding.IsPunctuation(part);
            if (isolated)
                Flush(ref word, ref pieces);
            for (var unit = AddRune(part, ref word); unit > 0; unit--)
                pieces.ReadUnit(at, end);
            if (isolated)
                Flush(ref word, ref pieces);
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

    private void Flush<TPieces>(ref WordBuffer word, ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        if (word.IsEmpty)
            return;
        if (word.IsTooLong)
            pieces.AddWord(Vocabulary.UnknownId);
        else
            AppendPieces(word.Units, ref pieces);
        word.Clear();
        pieces.EndWord();
    }

    // Greedy longest match; a word with any part outside the vocabulary becomes one [UNK].
    private void AppendPieces<TPieces>(scoped ReadOnlySpan<char> word, ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct
    {
        var before = pieces.Count;
        for (var start = 0; start < word.Length;)
        {
            var length = Math.Min(word.Length - start, Vocabulary.LongestToken);
            var id = 0;
            while (length > 0 && !Vocabulary.TryFind(word.Slice(start, length), start == 0, out id))
                length--;
            if (length == 0)
            {
                pieces.CutTo(before);
                pieces.AddWord(Vocabulary.UnknownId);
                return;
            }
            pieces.AddPiece(id, start, length);
            start += length;
        }
    }
}
