namespace SparseRobust.Lab.Statistics;

/// <summary>Holm's correction of several p-values, which bounds the chance of one false finding among them. Thread-safe.</summary>
/// <remarks>Source: Holm (1979). Holds whatever the dependence between the tests, and finds all that Bonferroni's correction finds.</remarks>
public static class Holm
{
    /// <summary>Adjusted p-values, in the given order: of the m values sorted upwards, the i-th becomes the largest of min(1, (m - j + 1) p_j) over j = 1 .. i. A hypothesis is
    /// rejected at level alpha when its adjusted value is at most alpha.</summary>
    /// <param name="pValues">In [0, 1]; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value outside [0, 1].</exception>
    public static double[] Adjust(params ReadOnlySpan<double> pValues)
    {
        foreach (var p in pValues)
            if (!(p >= 0 && p <= 1))
                throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value lies between 0 and 1.");
        var sorted = pValues.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var adjusted = new double[sorted.Length];
        var largest = 0.0;
        for (var i = 0; i < sorted.Length; i++)
            adjusted[order[i]] = largest = Math.Max(largest, Math.Min(1, (sorted.Length - i) * sorted[i]));
        return adjusted;
    }
}
