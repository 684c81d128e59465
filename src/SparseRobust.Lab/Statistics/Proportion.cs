namespace SparseRobust.Lab.Statistics;

/// <summary>A share of successes, such as an accuracy, with 95 % confidence intervals for the rows being a sample.</summary>
/// <remarks>
/// z = 1.959963984540054, the normal's 97.5 % quantile. Sources: Wilson (1927); the normal interval is Wald's. Prefer Wilson's near 0 and 1 and for few
/// rows: the normal one shrinks to nothing when every row is right. Neither speaks of the spread over seeds, which <see cref="Interval"/> does.
/// </remarks>
public sealed record Proportion
{
    private const double Z = 1.959963984540054;

    /// <summary>Makes the share <paramref name="successes"/> / <paramref name="n"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n below 1, or successes outside 0 .. n.</exception>
    public Proportion(int successes, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        (Successes, N) = (successes, n);
    }

    /// <summary>Rows that count.</summary>
    public int Successes { get; }

    /// <summary>All rows.</summary>
    public int N { get; }

    /// <summary>p = successes / n, in [0, 1].</summary>
    public double Value => (double)Successes / N;

    /// <summary>Lower end of Wilson's interval: (p + z^2/2n - z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n); 0 when no row counts.</summary>
    public double WilsonLower => Successes == 0 ? 0 : WilsonCentre - WilsonHalfWidth;

    /// <summary>Upper end of Wilson's interval, the same with +; 1 when every row counts.</summary>
    public double WilsonUpper => Successes == N ? 1 : WilsonCentre + WilsonHalfWidth;

    /// <summary>Lower end of the normal interval, p - z sqrt(p(1-p)/n), not below 0.</summary>
    public double NormalLower => Math.Max(0, Value - NormalHalfWidth);

    /// <summary>Upper end of the normal interval, p + z sqrt(p(1-p)/n), not above 1.</summary>
    public double NormalUpper => Math.Min(1, Value + NormalHalfWidth);

    private double WilsonScale => 1 + Z * Z / N;

    private double WilsonCentre => (Value + Z * Z / (2.0 * N)) / WilsonScale;

    private double WilsonHalfWidth => Z * Math.Sqrt(Value * (1 - Value) / N + Z * Z / (4.0 * N * N)) / WilsonScale;

    private double NormalHalfWidth => Z * Math.Sqrt(Value * (1 - Value) / N);
}
