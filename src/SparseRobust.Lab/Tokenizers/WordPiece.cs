using System.Globalization;
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

    private readonly BasicTokenizer _words = new(lowerCase ? CharacterFolding.Uncased : CharacterFolding.Cased);

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

    private void Append<TPieces>(string text, scoped ref TPieces pieces)
        where TPieces : struct, IPieceSink, allows ref struct => _words.Read(text, new GreedyPieces(Vocabulary), ref pieces);
}
