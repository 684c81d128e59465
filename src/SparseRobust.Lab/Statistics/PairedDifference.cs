namespace SparseRobust.Lab.Statistics;

/// <summary>Two methods compared over the same seeds: the mean of their differences, seed by seed.</summary>
/// <param name="Difference">Mean of first - second, with its standard deviation and 95 % t-interval over the pairs.</param>
/// <param name="TStatistic">mean / (s / sqrt(n)); null when n = 1 or all differences are equal.</param>
/// <param name="PValue">Two-sided p-value of "no difference", P(|T| >= |t|) with n - 1 degrees of freedom, in [0, 1]; null when t is.</param>
/// <remarks>Source: Student's paired t-test (1908). A p-value here is for one comparison; several need a correction.</remarks>
public sealed record PairedDifference(Interval Difference, double? TStatistic, double? PValue)
{
    /// <summary>Compares values of the same seeds: <c>first[i]</c> with <c>second[i]</c>.</summary>
    /// <exception cref="ArgumentException">Lengths differ, there are no values, or one is not finite.</exception>
    public static PairedDifference Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"{first.Length} values cannot be paired with {second.Length}.", nameof(second));
        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
            differences[i] = first[i] - second[i];
        var interval = Interval.Of(differences);
        if (interval.StandardDeviation is not > 0)
            return new PairedDifference(interval, null, null);
        var t = interval.Mean / (interval.StandardDeviation.Value / Math.Sqrt(interval.N));
        return new PairedDifference(interval, t, 2 * StudentT.UpperTail(Math.Abs(t), interval.N - 1));
    }
}
