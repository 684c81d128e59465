using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Evaluation;

/// <summary>How well two lists of numbers go together, in [-1, 1]; null (undefined) for fewer than two pairs, for a constant list, and where a number is not finite.</summary>
/// <remarks>Agrees with scipy's pearsonr and spearmanr. STS-B's metrics in GLUE.</remarks>
internal static class Correlation
{
    /// <summary>Pearson's r: sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2).</summary>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double? Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} numbers cannot be paired with {y.Length}.", nameof(y));
        if (x.Length < 2 || !AreFinite(x) || !AreFinite(y))
            return null;
        var (fromX, fromY) = (Centred(x), Centred(y));
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < fromX.Length; i++)
        {
            xy += fromX[i] * fromY[i];
            xx += fromX[i] * fromX[i];
            yy += fromY[i] * fromY[i];
        }
        var scale = Math.Sqrt(xx) * Math.Sqrt(yy);
        return scale > 0 && double.IsFinite(scale) ? Math.Clamp(xy / scale, -1, 1) : null;
    }

    /// <summary>Spearman's rho: Pearson's r of the ranks, equal numbers sharing the mean of their ranks.</summary>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double? Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        AreFinite(x) && AreFinite(y) ? Pearson(Ranks.Average(x), Ranks.Average(y)) : null;

    // Relative to the first number, so that a constant list has deviations of exactly 0.
    private static double[] Centred(ReadOnlySpan<double> values)
    {
        var deviations = values.ToArray();
        var first = values[0];
        var mean = deviations.Sum(value => value - first) / deviations.Length;
        for (var i = 0; i < deviations.Length; i++)
            deviations[i] = deviations[i] - first - mean;
        return deviations;
    }

    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!double.IsFinite(value))
                return false;
        return true;
    }
}
