using System.Runtime.InteropServices;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Words as rows of pieces, in which the most frequent pair of neighbours is made one piece, again and again. Not thread-safe.</summary>
/// <remarks>Counts of pairs are kept up to date word by word instead of being taken anew. An entry of the queue may be out of date; it is put right when it
/// comes up, for a count can only have fallen since, or been entered again.</remarks>
internal sealed class PieceMerges
{
    private readonly List<string> _pieces = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int[]> _words = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _frequencies = [];
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    private readonly PriorityQueue<Pair, (long Count, Pair Pair)> _queue;

    public PieceMerges() => _queue = new(Comparer<(long Count, Pair Pair)>.Create(MoreFrequentFirst));

    /// <summary>The pieces in the order in which they were made; word-internal ones begin with "##".</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>Adds a piece, unless it is there.</summary>
    /// <returns>Its number.</returns>
    public int AddPiece(string piece)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, piece, out var exists);
        if (!exists)
        {
            id = _pieces.Count;
            _pieces.Add(piece);
        }
        return id;
    }

    /// <summary>Adds a word, cut into characters.</summary>
    public void AddWord(string word, long frequency)
    {
        var symbols = new List<int>(word.Length);
        foreach (var rune in word.EnumerateRunes())
            symbols.Add(AddPiece(symbols.Count == 0 ? rune.ToString() : Vocabulary.Continuation + rune));
        if (symbols.Count < 2)
            return;
        for (var i = 1; i < symbols.Count; i++)
            Change(symbols[i - 1], symbols[i], frequency, _words.Count);
        _words.Add([.. symbols]);
        _lengths.Add(symbols.Count);
        _frequencies.Add(frequency);
    }

    /// <summary>To be called once, after the last word.</summary>
    public void Begin()
    {
        foreach (var pair in _pairs.Values)
            _queue.Enqueue(pair, (pair.Count, pair));
    }

    /// <summary>Makes the most frequent pair one piece; between equally frequent ones the first by left, then right piece in ordinal order.</summary>
    /// <returns>False when no pair occurs <paramref name="leastFrequency"/> times.</returns>
    public bool MergeNext(long leastFrequency)
    {
        while (_queue.TryDequeue(out var pair, out var entered))
        {
            if (pair.Count == entered.Count)
                return pair.Count >= Math.Max(1, leastFrequency) && Merge(pair);
            if (pair.Count > 0 && pair.Count < entered.Count)
                _queue.Enqueue(pair, (pair.Count, pair));
        }
        return false;
    }

    private bool Merge(Pair pair)
    {
        var merged = AddPiece(_pieces[pair.Left] + _pieces[pair.Right][Vocabulary.Continuation.Length..]);
        var grown = new HashSet<Pair>();
        foreach (var word in CollectionsMarshal.AsSpan(pair.Words))
            Merge(pair, merged, word, grown);
        pair.Count = 0;
        pair.Words.Clear();
        pair.Words.TrimExcess();
        foreach (var other in grown)
            _queue.Enqueue(other, (other.Count, other));
        return true;
    }

    // A word may stand in the pair's list twice; the second time there is nothing left to merge.
    private void Merge(Pair pair, int merged, int word, HashSet<Pair> grown)
    {
        var symbols = _words[word].AsSpan(0, _lengths[word]);
        var frequency = _frequencies[word];
        var length = 0;
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] != pair.Left || i + 1 == symbols.Length || symbols[i + 1] != pair.Right)
            {
                symbols[length++] = symbols[i];
                continue;
            }
            if (length > 0)
            {
                Change(symbols[length - 1], pair.Left, -frequency, word);
                grown.Add(Change(symbols[length - 1], merged, frequency, word));
            }
            if (i + 2 < symbols.Length)
            {
                Change(pair.Right, symbols[i + 2], -frequency, word);
                grown.Add(Change(merged, symbols[i + 2], frequency, word));
            }
            symbols[length++] = merged;
            i++;
        }
        _lengths[word] = length;
    }

    private Pair Change(int left, int right, long by, int word)
    {
        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (left, right), out _);
        pair ??= new Pair(left, right);
        pair.Count += by;
        if (by > 0 && (pair.Words.Count == 0 || pair.Words[^1] != word))
            pair.Words.Add(word);
        return pair;
    }

    private int MoreFrequentFirst((long Count, Pair Pair) one, (long Count, Pair Pair) other)
    {
        if (one.Count != other.Count)
            return other.Count.CompareTo(one.Count);
        var left = string.CompareOrdinal(_pieces[one.Pair.Left], _pieces[other.Pair.Left]);
        return left != 0 ? left : string.CompareOrdinal(_pieces[one.Pair.Right], _pieces[other.Pair.Right]);
    }

    private sealed class Pair(int left, int right)
    {
        public int Left { get; } = left;

        public int Right { get; } = right;

        /// <summary>Occurrences, weighted by the words' frequencies.</summary>
        public long Count { get; set; }

        /// <summary>Every word that has the pair, and some that had it.</summary>
        public List<int> Words { get; } = [];
    }
}
