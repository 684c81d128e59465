using System.Globalization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Turns texts into the ids of a model's vocabulary. Immutable for its users and thread-safe.</summary>
/// <remarks>Special tokens written out in a text ("[SEP]", "&lt;/s&gt;") are read as text, so data cannot forge structure; Hugging Face's tokenizers read them as the tokens.</remarks>
public abstract class Tokenizer
{
    private const int StackIds = 512;

    private protected Tokenizer(IReadOnlyList<string> tokens, int padId, int unknownId, int clsId, int sepId, int maskId) =>
        (Tokens, PadId, UnknownId, ClsId, SepId, MaskId) = (tokens, padId, unknownId, clsId, sepId, maskId);

    /// <summary>The tokens as the vocabulary writes them; a token's index is its id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>How many tokens there are; ids are below it.</summary>
    public int Count => Tokens.Count;

    /// <summary>Id of the padding token.</summary>
    public int PadId { get; }

    /// <summary>Id of the token for what has no piece.</summary>
    public int UnknownId { get; }

    /// <summary>Id of the token that begins an input.</summary>
    public int ClsId { get; }

    /// <summary>Id of the token that ends a segment.</summary>
    public int SepId { get; }

    /// <summary>Id of the token that hides another.</summary>
    public int MaskId { get; }

    /// <summary>Lower-case hex SHA-256 of all that ids depend on. Of an uncased BERT tokenizer it is that of its vocab.txt.</summary>
    public abstract string Sha256 { get; }

    /// <summary>Whether the second segment has token type 1 (BERT), or all of an input has type 0 (RoBERTa).</summary>
    public abstract bool UsesTokenTypes { get; }

    /// <summary>Separators between two segments: one (BERT) or two (RoBERTa).</summary>
    internal abstract int SeparatorsBetween { get; }

    /// <summary>The algorithm, its version and its settings, as the keys of cached ids name them.</summary>
    internal abstract string Algorithm { get; }

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
    public abstract TokensWithOffsets TokenizeWithOffsets(string text);

    /// <summary>Encodes begin, first text, separator, and after a second text once more a separator: [CLS] first [SEP] second [SEP], or &lt;s&gt; first &lt;/s&gt;&lt;/s&gt; second &lt;/s&gt;.</summary>
    /// <param name="first">First segment.</param>
    /// <param name="second">Second segment, or null.</param>
    /// <param name="maxLength">Most ids allowed, special tokens included; at least as many as there are special tokens (2; with a second text 3, RoBERTa 4).</param>
    /// <param name="truncation">What to do with a longer pair. LongestFirst removes one token at a time from the end of the longer text, from the second when
    /// they are equal, as the reference's Python implementation does.</param>
    /// <exception cref="LabException">InputTooLong when the pair is longer and truncation is <see cref="Truncation.Refuse"/>.</exception>
    public Encoding EncodePair(string first, string? second, int maxLength, Truncation truncation) => Encode(first, second, maxLength, truncation, keepEnds: false);

    /// <summary>Writes the files from which Hugging Face's libraries and <see cref="TokenizerFolder"/> read a tokenizer that gives the same ids.</summary>
    /// <param name="folder">A folder; files of these names in it are replaced.</param>
    /// <exception cref="LabException">StorageFull.</exception>
    public abstract void Save(string folder);

    /// <summary>As <see cref="EncodePair"/>; may cut tokens from the beginnings of the texts instead of their ends, as many of each.</summary>
    internal Encoding Encode(string first, string? second, int maxLength, Truncation truncation, bool keepEnds)
    {
        ArgumentNullException.ThrowIfNull(first);
        var specials = second is null ? 2 : 2 + SeparatorsBetween;
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
            var one = ids.Ids[..firstCount];
            var two = ids.Ids[firstCount..];
            return keepEnds
                ? Assemble(one[^keepFirst..], two[^keepSecond..], second is not null, Math.Max(excess, 0))
                : Assemble(one[..keepFirst], two[..keepSecond], second is not null, Math.Max(excess, 0));
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>Adds the ids of a text's pieces.</summary>
    private protected abstract void Append(string text, scoped ref IdBuffer ids);

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
        var secondStart = first.Length + 1 + SeparatorsBetween;
        var ids = new int[isPair ? secondStart + second.Length + 1 : firstLength];
        ids.AsSpan().Fill(SepId);
        ids[0] = ClsId;
        first.CopyTo(ids.AsSpan(1));
        if (isPair)
            second.CopyTo(ids.AsSpan(secondStart));
        return new Encoding(ids, UsesTokenTypes ? firstLength : ids.Length, cut);
    }
}
