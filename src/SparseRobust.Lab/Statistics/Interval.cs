using System.Collections.Concurrent;

namespace SparseRobust.Lab.Statistics;

/// <summary>A mean over repeated runs (seeds) with its spread and its 95 % confidence interval.</summary>
/// <param name="N">How many values, at least 1.</param>
/// <param name="Mean">Arithmetic mean, in the values' unit.</param>
/// <param name="StandardDeviation">Sample standard deviation (divisor n - 1); null when n = 1: one run shows no spread, which is not a spread of 0.</param>
/// <param name="Lower">Mean - t * s / sqrt(n), t the 97.5 % quantile of Student's t with n - 1 degrees of freedom; null when n = 1.</param>
/// <param name="Upper">Mean + t * s / sqrt(n); null when n = 1.</param>
/// <remarks>Assumes values that are independent and roughly normal. Source: Student (1908). The papers print mean and standard deviation only.</remarks>
public sealed record Interval(int N, double Mean, double? StandardDeviation, double? Lower, double? Upper)
{
    private static readonly ConcurrentDictionary<int, double> Quantiles = new();

    /// <summary>Summarises values. Thread-safe.</summary>
    /// <exception cref="ArgumentException">There are no values, or one is not finite.</exception>
    public static Interval Of(params ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("There are no values to take a mean of.", nameof(values));
        var mean = MeanOf(values);
        if (values.Length == 1)
            return new Interval(1, mean, null, null, null);
        var squares = 0.0;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        var deviation = Math.Sqrt(squares / (values.Length - 1));
        var halfWidth = QuantileOf(values.Length - 1) * deviation / Math.Sqrt(values.Length);
        return new Interval(values.Length, mean, deviation, mean - halfWidth, mean + halfWidth);
    }

    // A table of thousands of groups asks for the same few numbers of seeds, and a quantile is a search.
    private static double QuantileOf(int degreesOfFreedom) => Quantiles.GetOrAdd(degreesOfFreedom, degrees => StudentT.Quantile(0.975, degrees));

    // Relative to the first value, so that equal values have exactly their own mean and no spread.
    private static double MeanOf(ReadOnlySpan<double> values)
    {
        var excess = 0.0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"{value} has no place in a mean.", nameof(values));
            excess += value - values[0];
        }
        return values[0] + excess / values.Length;
    }
}
