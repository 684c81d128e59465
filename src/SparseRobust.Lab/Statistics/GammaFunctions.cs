namespace SparseRobust.Lab.Statistics;

/// <summary>The logarithm of the gamma function and the regularised incomplete gamma and beta functions, for the tails of test statistics.</summary>
internal static class GammaFunctions
{
    private const double Tiny = 1e-300;

    // Coefficients B_2k / (2k (2k - 1)) of Stirling's series, k = 1 .. 8.
    private static readonly double[] Stirling =
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <summary>ln gamma(x) for x above 0, to about 1e-14 relative or absolute.</summary>
    /// <remarks>Source: Stirling's series, DLMF 5.11.1, above 12; below it, gamma(x + 1) = x gamma(x) leads up there.</remarks>
    public static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        var product = 1.0;
        for (; x < 12; x++)
            product *= x;
        var (sum, power) = (0.0, 1 / x);
        foreach (var coefficient in Stirling)
        {
            sum += coefficient * power;
            power /= x * x;
        }
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + sum - Math.Log(product);
    }

    /// <summary>I_x(a, b), the share of a beta(a, b) variable's mass below x, in [0, 1].</summary>
    /// <param name="x">In [0, 1].</param>
    /// <param name="complement">1 - x, given apart so that it stays exact when x is near 1.</param>
    /// <param name="a">First shape, above 0.</param>
    /// <param name="b">Second shape, above 0.</param>
    /// <remarks>Source: the continued fraction DLMF 8.17.22, taken on the side of the mean where it converges fast, I_x(a, b) = 1 - I_(1-x)(b, a).</remarks>
    public static double RegularizedBeta(double x, double complement, double a, double b)
    {
        if (x <= 0 || complement <= 0)
            return x <= 0 ? 0 : 1;
        if (x > (a + 1) / (a + b + 2))
            return 1 - RegularizedBeta(complement, x, b, a);
        var logFactor = a * Math.Log(x) + b * Math.Log(complement) + LogGamma(a + b) - LogGamma(a) - LogGamma(b);
        return Math.Exp(logFactor) / (a * ContinuedFraction(x, a, b));
    }

    /// <summary>Q(a, x), the share of a gamma(a) variable's mass above x, in [0, 1].</summary>
    /// <param name="a">Shape, above 0.</param>
    /// <param name="x">Above 0.</param>
    /// <remarks>Source: below a + 1, one less the series DLMF 8.11.4; above, the even part of the continued fraction DLMF 8.9.2, by Lentz's method.</remarks>
    public static double RegularizedUpperGamma(double a, double x)
    {
        var factor = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        if (x >= a + 1)
            return factor / GammaFraction(a, x);
        var (sum, term) = (1 / a, 1 / a);
        for (var n = 1; term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return 1 - factor * sum;
    }

    // x + 1 - a - 1(1 - a)/(x + 3 - a - 2(2 - a)/(x + 5 - a - ...)).
    private static double GammaFraction(double a, double x)
    {
        var value = x + 1 - a;
        var (numerator, denominator) = (value, 0.0);
        for (var n = 1; n < 100_000; n++)
        {
            var term = -n * (n - a);
            var step = x + 2 * n + 1 - a;
            denominator = 1 / AwayFromZero(step + term * denominator);
            numerator = AwayFromZero(step + term / numerator);
            value *= numerator * denominator;
            if (Math.Abs(numerator * denominator - 1) < 1e-15)
                break;
        }
        return value;
    }

    // 1 + d1/(1 + d2/(1 + ...)) from the front: the modified Lentz method.
    private static double ContinuedFraction(double x, double a, double b)
    {
        var (value, numerator, denominator) = (1.0, 1.0, 0.0);
        for (var n = 1; n < 100_000; n++)
        {
            var term = Term(n, x, a, b);
            denominator = 1 / AwayFromZero(1 + term * denominator);
            numerator = AwayFromZero(1 + term / numerator);
            value *= numerator * denominator;
            if (Math.Abs(numerator * denominator - 1) < 1e-16)
                break;
        }
        return value;
    }

    private static double Term(int n, double x, double a, double b)
    {
        var m = n / 2;
        return n % 2 == 0
            ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    }

    private static double AwayFromZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
