using System.Buffers;
using System.Numerics;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Merges of byte-pair encoding by rank: which two neighbouring pieces become one, and which first. Immutable and thread-safe.</summary>
/// <remarks>An open hash table of (left, right) with the rank and the merged piece.</remarks>
internal sealed class BytePairMerges
{
    // Longer words are merged with a queue: searching all pairs again after each merge would take quadratic time.
    private const int ShortWord = 64;

    private readonly ulong[] _keys;
    private readonly (int Rank, int Merged)[] _merges;
    private readonly int _shift;

    /// <summary>Makes the table of merges in the order of their ranks; no pair occurs twice.</summary>
    public BytePairMerges(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * merges.Count));
        (_keys, _merges, _shift) = (new ulong[size], new (int, int)[size], 64 - BitOperations.Log2(size));
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var slot = Slot(merges[rank].Left, merges[rank].Right);
            (_keys[slot], _merges[slot]) = (Key(merges[rank].Left, merges[rank].Right), (rank, merges[rank].Merged));
        }
    }

    /// <summary>Merges the pieces of a word in place, the lowest rank first and from the left.</summary>
    /// <returns>How many are left.</returns>
    public int Apply(Span<int> pieces) => pieces.Length <= ShortWord ? ApplyBySearch(pieces) : ApplyByQueue(pieces);

    private int ApplyBySearch(Span<int> pieces)
    {
        Span<(int Rank, int Merged)> merges = stackalloc (int, int)[ShortWord];
        for (var i = 0; i + 1 < pieces.Length; i++)
            merges[i] = Find(pieces[i], pieces[i + 1]);
        var count = pieces.Length;
        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i < count - 1; i++)
                if (merges[i].Rank < merges[best].Rank)
                    best = i;
            if (merges[best].Rank == int.MaxValue)
                break;
            pieces[best] = merges[best].Merged;
            pieces[(best + 2)..count].CopyTo(pieces[(best + 1)..]);
            merges[(best + 1)..(count - 1)].CopyTo(merges[best..]);
            count--;
            if (best > 0)
                merges[best - 1] = Find(pieces[best - 1], pieces[best]);
            if (best + 1 < count)
                merges[best] = Find(pieces[best], pieces[best + 1]);
        }
        return count;
    }

    // next[i] is the piece after piece i; a piece merged into the one before it is -1 from then on.
    private int ApplyByQueue(Span<int> pieces)
    {
        var links = ArrayPool<int>.Shared.Rent(2 * pieces.Length);
        var next = links.AsSpan(0, pieces.Length);
        var previous = links.AsSpan(pieces.Length, pieces.Length);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Merged), (int Rank, int At)>(pieces.Length);
        for (var i = 0; i < pieces.Length; i++)
            (next[i], previous[i]) = (i + 1, i - 1);
        for (var i = 0; i + 1 < pieces.Length; i++)
            Enqueue(queue, pieces, i, i + 1);
        while (queue.TryDequeue(out var merge, out _))
        {
            var right = pieces[merge.At] == merge.Left ? next[merge.At] : pieces.Length;
            if (right >= pieces.Length || pieces[right] != merge.Right)
                continue;
            (pieces[merge.At], pieces[right], next[merge.At]) = (merge.Merged, -1, next[right]);
            if (next[right] < pieces.Length)
            {
                previous[next[right]] = merge.At;
                Enqueue(queue, pieces, merge.At, next[right]);
            }
            if (previous[merge.At] >= 0)
                Enqueue(queue, pieces, previous[merge.At], merge.At);
        }
        ArrayPool<int>.Shared.Return(links);
        var count = 0;
        foreach (var piece in pieces)
            if (piece >= 0)
                pieces[count++] = piece;
        return count;
    }

    private void Enqueue(PriorityQueue<(int At, int Left, int Right, int Merged), (int Rank, int At)> queue, Span<int> pieces, int at, int right)
    {
        if (Find(pieces[at], pieces[right]) is { Rank: < int.MaxValue } merge)
            queue.Enqueue((at, pieces[at], pieces[right], merge.Merged), (merge.Rank, at));
    }

    // Rank int.MaxValue when the two do not merge.
    private (int Rank, int Merged) Find(int left, int right)
    {
        var slot = Slot(left, right);
        return _keys[slot] == 0 ? (int.MaxValue, -1) : _merges[slot];
    }

    private uint Slot(int left, int right)
    {
        var key = Key(left, right);
        var slot = (uint)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (_keys[slot] != 0 && _keys[slot] != key)
            slot = (slot + 1) & (uint)(_keys.Length - 1);
        return slot;
    }

    // Never 0, which marks an empty slot.
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;
}
