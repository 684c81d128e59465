namespace SparseRobust.Lab.Bias;

/// <summary>Arithmetic on vectors of doubles; sums run from first to last.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    public static double[] Difference(double[] a, double[] b) => Sum(a, -1, b);

    /// <summary>a + scale * b.</summary>
    public static double[] Sum(double[] a, double scale, double[] b)
    {
        var sum = (double[])a.Clone();
        AddScaled(scale, b, sum);
        return sum;
    }

    public static double[] Scaled(double scale, double[] a)
    {
        var product = (double[])a.Clone();
        Scale(scale, product);
        return product;
    }

    public static void Scale(double scale, Span<double> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] *= scale;
    }

    public static void AddScaled(double scale, ReadOnlySpan<double> x, Span<double> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += scale * x[i];
    }
}
