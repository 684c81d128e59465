namespace SparseRobust.Lab.Tokenizers;

/// <summary>The pieces of words met before. Bounded: a word takes the place of another that falls on it. Thread-safe without locks: an entry is immutable and its
/// place is written in one step; of two threads that write there, one wins.</summary>
internal sealed class WordCache
{
    private const int Places = 1 << 15;
    private const int LongestWord = 32;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The pieces of a word, if it is there; else false and the place to put it.</summary>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> pieces, out int place)
    {
        pieces = [];
        place = -1;
        if (word.Length > LongestWord)
            return false;
        place = string.GetHashCode(word) & (Places - 1);
        if (Volatile.Read(ref _entries[place]) is not { } entry || !word.SequenceEqual(entry.Word))
            return false;
        pieces = entry.Pieces;
        return true;
    }

    /// <summary>Keeps the pieces of a word in the place that <see cref="TryGet"/> gave; -1 keeps nothing.</summary>
    public void Put(int place, ReadOnlySpan<char> word, ReadOnlySpan<int> pieces)
    {
        if (place >= 0)
            Volatile.Write(ref _entries[place], new Entry(word.ToString(), pieces.ToArray()));
    }

    private sealed record Entry(string Word, int[] Pieces);
}
