using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Data;

/// <summary>A fixed part of a dataset with the same shares of labels and heuristics, for evaluation during training.</summary>
public static class StratifiedSample
{
    /// <summary>How many rows out-of-distribution sets are evaluated on during training.</summary>
    public const int DefaultRows = 1_200;

    private const long Seed = 20_221_011;
    private const string StratumSlice = "heuristic";

    /// <summary>Takes <paramref name="rows"/> rows, in file order, from the strata label x heuristic in proportion to their sizes (largest remainders).</summary>
    /// <param name="dataset">The whole set.</param>
    /// <param name="rows">Sample size, at least 1.</param>
    /// <returns>The same rows on every call and machine; the dataset itself when it has no more than <paramref name="rows"/>. Name, split, hash and
    /// published size stay those of the whole set.</returns>
    public static Dataset Take(Dataset dataset, int rows = DefaultRows)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (rows >= dataset.Examples.Count)
            return dataset;
        var strata = Enumerable.Range(0, dataset.Examples.Count).GroupBy(index => StratumOf(dataset.Examples[index]))
            .OrderBy(stratum => stratum.Key.Label).ThenBy(stratum => stratum.Key.Heuristic, StringComparer.Ordinal).Select(stratum => stratum.ToArray()).ToArray();
        var sizes = Apportion([.. strata.Select(stratum => stratum.Length)], rows);
        var chosen = new List<int>(rows);
        for (var i = 0; i < strata.Length; i++)
            chosen.AddRange(SplitMix64.From(Seed, i).Permutation(strata[i].Length).Take(sizes[i]).Select(place => strata[i][place]));
        chosen.Sort();
        return dataset with { Examples = [.. chosen.Select(index => dataset.Examples[index])] };
    }

    /// <summary>As the other; null rows mean the whole set.</summary>
    internal static Dataset TakeOrWhole(Dataset dataset, int? rows) => rows is { } some ? Take(dataset, some) : dataset;

    private static (int Label, string Heuristic) StratumOf(Example example) =>
        (example.Label, example.Slices.TryGetValue(StratumSlice, out var heuristic) ? heuristic : "");

    private static int[] Apportion(int[] counts, int rows)
    {
        var total = counts.Sum(count => (long)count);
        var sizes = counts.Select(count => (int)((long)count * rows / total)).ToArray();
        var byRemainder = Enumerable.Range(0, counts.Length).OrderByDescending(i => (long)counts[i] * rows % total).ThenBy(i => i);
        foreach (var i in byRemainder.Take(rows - sizes.Sum()))
            sizes[i]++;
        return sizes;
    }
}
