namespace SparseRobust.Lab.Statistics;

/// <summary>How much more accurate one model is than another on the same rows, with an interval for the rows being a sample.</summary>
/// <param name="N">Rows, at least 1.</param>
/// <param name="Difference">Accuracy of the first - accuracy of the second, in [-1, 1].</param>
/// <param name="Lower">Lower end of the 95 % percentile interval.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="PValue">Two-sided p-value of "no difference", in (0, 1]; at most 0.05 exactly when the interval leaves out 0.</param>
/// <param name="Resamples">How often the rows were drawn anew.</param>
/// <param name="Seed">Of the draws: the same seed gives the same numbers.</param>
/// <remarks>
/// Source: Efron and Tibshirani (1993), ch. 13; the ranks are Davison and Hinkley's (1997), sec. 5.2. A resample draws n rows with replacement. All that matters of a row is whether only the first, only the
/// second, or neither alone is right, so the counts of a resample are multinomial, and it is those that are drawn: exact, and no row is touched again. With R resamples and
/// k = floor(0.025 (R + 1)) the ends are the k-th smallest and the k-th largest difference, and p = min(1, 2 (1 + min(#(d &lt;= 0), #(d &gt;= 0))) / (R + 1)).
/// Seeds' spread is not in it; <see cref="PairedDifference"/> has that. A p-value here is for one comparison; <see cref="Holm"/> corrects several.
/// </remarks>
public sealed record PairedBootstrap(int N, double Difference, double Lower, double Upper, double PValue, int Resamples, long Seed)
{
    /// <summary>Resamples unless asked otherwise.</summary>
    public const int DefaultResamples = 10_000;

    private const int FewestResamples = 39;
    private const double Tail = 0.025;

    /// <summary>Compares two models on the same rows.</summary>
    /// <param name="first">Whether the first is right, per row.</param>
    /// <param name="second">Whether the second is right, per row.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="resamples">At least 39, the fewest that have a 2.5 % rank. Default 10,000.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are no rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Too few resamples.</exception>
    public static PairedBootstrap Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, long seed, int resamples = DefaultResamples)
    {
        var discordant = McNemar.Of(first, second);
        if (first.IsEmpty)
            throw new ArgumentException("There are no rows to compare on.", nameof(first));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, FewestResamples);
        var differences = Draw(discordant, first.Length, SplitMix64.From(seed), resamples);
        Array.Sort(differences);
        var rank = (int)Math.Floor(Tail * (resamples + 1));
        double n = first.Length;
        return new PairedBootstrap(
            first.Length, (discordant.OnlyFirst - discordant.OnlySecond) / n, differences[rank - 1] / n, differences[^rank] / n, PValueOf(differences), resamples, seed);
    }

    // Row counts, so that ties and the comparison with 0 are exact.
    private static int[] Draw(McNemar observed, int n, SplitMix64 random, int resamples)
    {
        var chanceFirst = (double)observed.OnlyFirst / n;
        // Of the rows that are not the first's alone.
        var chanceSecond = observed.OnlyFirst == n ? 0 : (double)observed.OnlySecond / (n - observed.OnlyFirst);
        var differences = new int[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var onlyFirst = Binomial.Draw(random, n, chanceFirst);
            differences[i] = onlyFirst - Binomial.Draw(random, n - onlyFirst, chanceSecond);
        }
        return differences;
    }

    private static double PValueOf(int[] differences)
    {
        var fewer = Math.Min(differences.Count(d => d <= 0), differences.Count(d => d >= 0));
        return Math.Min(1, 2.0 * (1 + fewer) / (differences.Length + 1));
    }
}
