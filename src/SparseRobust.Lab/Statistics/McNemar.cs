namespace SparseRobust.Lab.Statistics;

/// <summary>McNemar's test of whether two models have the same accuracy on the same rows; only rows that exactly one of them gets right count.</summary>
/// <param name="OnlyFirst">Rows that only the first gets right, at least 0.</param>
/// <param name="OnlySecond">Rows that only the second gets right, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A negative number of rows.</exception>
/// <remarks>
/// Source: McNemar (1947), with Edwards' (1948) correction. Under "no difference" a discordant row is the first's or the second's with probability 1/2 each. Rows are taken as independent; the
/// spread over seeds is not in it. A p-value here is for one comparison; <see cref="Holm"/> corrects several.
/// </remarks>
public sealed record McNemar(int OnlyFirst, int OnlySecond)
{
    /// <summary>With fewer discordant rows than these 25 the exact test is used, with more the chi-square one.</summary>
    public const int ExactBelow = 25;

    /// <summary>Rows that only the first gets right.</summary>
    public int OnlyFirst { get; } = NotNegative(OnlyFirst);

    /// <summary>Rows that only the second gets right.</summary>
    public int OnlySecond { get; } = NotNegative(OnlySecond);

    /// <summary>Discordant rows: right by exactly one of the two.</summary>
    public int Discordant => OnlyFirst + OnlySecond;

    /// <summary>Whether <see cref="PValue"/> is the exact one.</summary>
    public bool IsExact => Discordant < ExactBelow;

    /// <summary>Two-sided p-value in [0, 1]: <see cref="ExactPValue"/> below <see cref="ExactBelow"/> discordant rows, else <see cref="ChiSquarePValue"/>.</summary>
    public double PValue => IsExact ? ExactPValue : ChiSquarePValue;

    /// <summary>min(1, 2 P(X &lt;= min(OnlyFirst, OnlySecond))) with X binomial over the discordant rows at 1/2; 1 without discordant rows.</summary>
    public double ExactPValue => Math.Min(1, 2 * Binomial.LowerTail(Math.Min(OnlyFirst, OnlySecond), Discordant, 0.5));

    /// <summary>max(|OnlyFirst - OnlySecond| - 1, 0)^2 / discordant rows; 0 without any.</summary>
    public double ChiSquareStatistic => Discordant == 0 ? 0 : Math.Pow(Math.Max(Math.Abs(OnlyFirst - OnlySecond) - 1, 0), 2) / Discordant;

    /// <summary>P(chi-square with 1 degree of freedom &gt;= <see cref="ChiSquareStatistic"/>).</summary>
    public double ChiSquarePValue => ChiSquare.UpperTail(ChiSquareStatistic, 1);

    /// <summary>Compares two models on the same rows.</summary>
    /// <param name="first">Whether the first is right, per row.</param>
    /// <param name="second">Whether the second is right, per row.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static McNemar Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"{first.Length} rows cannot be paired with {second.Length}.", nameof(second));
        var (onlyFirst, onlySecond) = (0, 0);
        for (var i = 0; i < first.Length; i++)
        {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }
        return new McNemar(onlyFirst, onlySecond);
    }

    private static int NotNegative(int rows) => rows >= 0 ? rows : throw new ArgumentOutOfRangeException(nameof(rows), rows, "A number of rows.");
}
