using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Training;

/// <summary>Puts rows of like length into the same batch, so that little of it is padding.</summary>
/// <param name="Lengths">Tokens of each row.</param>
/// <param name="Batches">Full batches that are sorted together: the more, the less padding and the less random a batch.</param>
/// <remarks>As Hugging Face's LengthGroupedSampler (mega_batch_mult), but for the order of the batches, which is shuffled over the epoch, and the smaller
/// batch at its end, which stays the random rows it was: sorted, it would hold the longest rows of every epoch.</remarks>
internal sealed record LengthGrouping(IReadOnlyList<int> Lengths, int Batches)
{
    /// <summary>Regroups a shuffled epoch in place; each row stays in it once, and each batch as large as it was.</summary>
    public void Apply(int[] order, int batchSize, SplitMix64 random)
    {
        var full = order.AsSpan(0, order.Length - order.Length % batchSize);
        var window = (int)Math.Min((long)Batches * batchSize, order.Length);
        for (var start = 0; start < full.Length; start += window)
            SortByLength(full[start..Math.Min(start + window, full.Length)]);
        Shuffle(full, batchSize, random);
    }

    // Keys are unique, so the outcome does not depend on the runtime's way of sorting.
    private void SortByLength(Span<int> rows)
    {
        var keys = new long[rows.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = ((long)Lengths[rows[i]] << 32) | (uint)i;
        keys.AsSpan().Sort(rows);
    }

    private static void Shuffle(Span<int> rows, int batchSize, SplitMix64 random)
    {
        var sorted = rows.ToArray();
        var places = random.Permutation(rows.Length / batchSize);
        for (var i = 0; i < places.Length; i++)
            sorted.AsSpan(places[i] * batchSize, batchSize).CopyTo(rows[(i * batchSize)..]);
    }
}
