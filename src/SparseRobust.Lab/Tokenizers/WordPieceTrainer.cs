using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Learns a WordPiece vocabulary from a text: its most frequent characters, then pieces made by joining the most frequent pair of neighbouring
/// pieces within words until there are as many as asked for.</summary>
/// <remarks>
/// Source: Hugging Face tokenizers, WordPieceTrainer (byte-pair merges by frequency, pieces within a word marked "##", the alphabet cut to its most frequent
/// characters). Deviates: between equally frequent pairs the ordinally first is taken, so that the same words give the same vocabulary in whatever order they are
/// read; a word with a character outside the alphabet is left out whole, where the original joins what is left of it; so are words of over 100 characters, which
/// WordPiece reads as [UNK]. A character inside a piece counts as a code point. Not thread-safe.
/// </remarks>
/// <param name="size">Most tokens of the vocabulary, special tokens included; at least 6.</param>
/// <param name="lowerCase">Lower-case and strip accents, as the tokenizer that will use the vocabulary.</param>
public sealed class WordPieceTrainer(int size, bool lowerCase = true)
{
    /// <summary>To be raised when the same text gives another vocabulary than before; kept ones are then learned again.</summary>
    internal const int Version = 1;

    private static readonly string[] Specials = [.. SpecialTokens.Bert.InOrder];

    private readonly WordCounts _words = new(new BasicTokenizer(CharacterFolding.Of(new BertNormalization(lowerCase))));
    private readonly int _size = size > Specials.Length ? size : throw new ArgumentOutOfRangeException(nameof(size), size, "A vocabulary has at least one token besides the special ones.");

    /// <summary>Most characters that are kept, the most frequent; default 1,000. Each takes one or two places: by itself, and with "##".</summary>
    public int AlphabetLimit { get; init; } = 1000;

    /// <summary>How often a pair must occur to become a piece; default 2.</summary>
    public long LeastFrequency { get; init; } = 2;

    /// <summary>Words read so far, punctuation marks included.</summary>
    public long Words => _words.Total;

    /// <summary>Different words read so far.</summary>
    public int DistinctWords => _words.Counts.Count;

    /// <summary>Counts the words of a line, or of any piece of text that ends between words.</summary>
    public void Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _words.Add(line);
    }

    /// <summary>The vocabulary of what was read: special tokens, characters in the order of their code points, the same with "##" where they occur inside words, then merged
    /// pieces in the order in which they were made. Smaller than asked for when no pair is left that is frequent enough.</summary>
    /// <param name="learned">Told now and then how many tokens there are.</param>
    /// <param name="cancellation">Stops between two merges.</param>
    /// <exception cref="LabException">TokenizerInvalid when nothing was read, or when the characters alone are more than the size.</exception>
    public Vocabulary Train(IProgress<int> learned, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(learned);
        const int BetweenReports = 1024;
        var merges = Start(cancellation);
        var room = _size - Specials.Length;
        while (merges.Pieces.Count < room && merges.MergeNext(LeastFrequency))
        {
            cancellation.ThrowIfCancellationRequested();
            if (merges.Pieces.Count % BetweenReports == 0)
                learned.Report(merges.Pieces.Count + Specials.Length);
        }
        learned.Report(merges.Pieces.Count + Specials.Length);
        return new Vocabulary([.. Specials, .. merges.Pieces]);
    }

    /// <summary>How a vocabulary cuts up the words that were read.</summary>
    public VocabularyCoverage Coverage(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        var cut = new GreedyPieces(vocabulary);
        var (pieces, unknown) = (_words.TooLong, _words.TooLong);
        var ids = new IdBuffer(stackalloc int[2 * WordBuffer.LongestWord]);
        foreach (var (word, count) in _words.Counts)
        {
            ids.CutTo(0);
            cut.Take(word, ref ids);
            pieces += count * ids.Count;
            unknown += ids.Ids[0] == vocabulary.UnknownId ? count : 0;
        }
        return new VocabularyCoverage(Words, pieces, unknown);
    }

    private PieceMerges Start(CancellationToken cancellation)
    {
        var alphabet = Alphabet();
        var words = _words.Counts.Where(entry => entry.Key.EnumerateRunes().All(alphabet.Contains)).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        var merges = new PieceMerges();
        foreach (var character in alphabet)
            merges.AddPiece(character.ToString());
        var inside = new SortedSet<Rune>(words.SelectMany(entry => entry.Key.EnumerateRunes().Skip(1)));
        foreach (var character in inside)
            merges.AddPiece(Vocabulary.Continuation + character);
        if (merges.Pieces.Count > _size - Specials.Length)
            throw new LabException(ProblemCode.TokenizerInvalid, string.Create(CultureInfo.InvariantCulture,
                $"A vocabulary of {_size} has no room for the text's {merges.Pieces.Count} characters and {Specials.Length} special tokens: ask for a larger one, or lower the alphabet limit."));
        foreach (var (word, count) in words)
        {
            cancellation.ThrowIfCancellationRequested();
            merges.AddWord(word, count);
        }
        merges.Begin();
        return merges;
    }

    private SortedSet<Rune> Alphabet()
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var (word, count) in _words.Counts)
            foreach (var rune in word.EnumerateRunes())
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune, out _) += count;
        if (counts.Count == 0)
            throw new LabException(ProblemCode.TokenizerInvalid, "There is no word to learn a vocabulary from: name a text with words in it, UTF-8, plain or gzip.");
        return [.. counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Take(AlphabetLimit).Select(entry => entry.Key)];
    }
}
