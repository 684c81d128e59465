namespace SparseRobust.Lab.Statistics;

/// <summary>The chi-square distribution. Thread-safe.</summary>
public static class ChiSquare
{
    /// <summary>P(X &gt; x), in [0, 1]: Q(degrees / 2, x / 2), the regularised upper incomplete gamma function.</summary>
    /// <param name="x">Any number; 1 below 0.</param>
    /// <param name="degreesOfFreedom">A finite number above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No degrees of freedom, or x is not a number.</exception>
    public static double UpperTail(double x, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0) || double.IsInfinity(degreesOfFreedom))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Degrees of freedom are a finite number above 0.");
        if (double.IsNaN(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "Not a number.");
        if (x <= 0 || double.IsPositiveInfinity(x))
            return x <= 0 ? 1 : 0;
        return GammaFunctions.RegularizedUpperGamma(degreesOfFreedom / 2, x / 2);
    }
}
