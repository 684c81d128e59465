namespace SparseRobust.Lab.Statistics;

/// <summary>The binomial distribution: how many of n independent trials succeed, each with probability p.</summary>
internal static class Binomial
{
    /// <summary>P(X &lt;= k), in [0, 1].</summary>
    /// <param name="k">From 0 to n.</param>
    /// <param name="n">Trials, at least 0.</param>
    /// <param name="p">In (0, 1).</param>
    /// <remarks>Source: I_(1-p)(n - k, k + 1), DLMF 8.17.5.</remarks>
    public static double LowerTail(int k, int n, double p) => k >= n ? 1 : GammaFunctions.RegularizedBeta(1 - p, p, n - k, k + 1);

    /// <summary>Draws X, with the exact distribution to double precision, from one uniform number.</summary>
    /// <param name="random">Where the number comes from.</param>
    /// <param name="n">Trials, at least 0.</param>
    /// <param name="p">In [0, 1].</param>
    /// <remarks>Inversion, the outcomes being taken from the most probable one outwards, which ends after a few standard deviations: O(sqrt(n p (1 - p))) steps on average.</remarks>
    public static int Draw(SplitMix64 random, int n, double p)
    {
        if (n == 0 || p <= 0 || p >= 1)
            return p >= 1 ? n : 0;
        var mode = (int)Math.Min(n, Math.Floor((n + 1) * p));
        var odds = p / (1 - p);
        var (below, above) = (mode, mode);
        var (chanceBelow, chanceAbove) = (Probability(mode, n, p), Probability(mode, n, p));
        var left = random.NextDouble() - chanceBelow;
        while (left >= 0 && (below > 0 || above < n))
        {
            if (below > 0)
            {
                chanceBelow *= below / ((n - below + 1) * odds);
                below--;
                left -= chanceBelow;
                if (left < 0)
                    return below;
            }
            if (above < n)
            {
                chanceAbove *= (n - above) * odds / (above + 1);
                above++;
                left -= chanceAbove;
                if (left < 0)
                    return above;
            }
            // What is left is the rounding of the sum.
            if (chanceBelow == 0 && chanceAbove == 0)
                break;
        }
        return mode;
    }

    private static double Probability(int k, int n, double p) => Math.Exp(
        GammaFunctions.LogGamma(n + 1) - GammaFunctions.LogGamma(k + 1) - GammaFunctions.LogGamma(n - k + 1) + k * Math.Log(p) + (n - k) * Math.Log(1 - p));
}
