namespace SparseRobust.Lab.Statistics;

/// <summary>Places of numbers in their order.</summary>
internal static class Ranks
{
    /// <summary>Ranks from 1 up, smallest first; equal numbers all get the mean of the ranks they take up.</summary>
    public static double[] Average(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }
}
