using System.Runtime.Intrinsics;

namespace SparseRobust.Lab.Bias;

/// <summary>Dense float32 features, row-major; sums over them are double. Not thread-safe: it widens rows into one buffer.</summary>
/// <param name="columns">Features per row, at least 1.</param>
/// <param name="values">Rows x <paramref name="columns"/> finite numbers. Owned: the caller must not change them afterwards.</param>
internal sealed class DenseRows(int columns, float[] values) : FeatureRows
{
    // Rows that the preconditioner looks at: its quality needs no more, and its cost grows with them.
    private const int SampledRows = 20_000;

    private readonly double[] _row = new double[columns];

    public override int Rows => values.Length / columns;

    public override int Columns => columns;

    public override void AddScores(int row, ReadOnlySpan<double> weights, Span<double> scores)
    {
        Widen(row);
        for (var k = 0; k < scores.Length; k++)
            scores[k] += Dot(_row, weights.Slice(k * columns, columns));
    }

    public override void AddGradient(int row, ReadOnlySpan<double> slopes, Span<double> gradient)
    {
        Widen(row);
        for (var k = 0; k < slopes.Length; k++)
            AddScaled(slopes[k], _row, gradient.Slice(k * columns, columns));
    }

    public override Preconditioner Precondition(IReadOnlyList<int> rows, IReadOnlyList<double> curvatures)
    {
        var size = columns + 1;
        var gram = new double[size * size];
        var withOne = new double[size];
        withOne[^1] = 1;
        var stride = (rows.Count + SampledRows - 1) / SampledRows;
        for (var i = 0; i < rows.Count; i += stride)
        {
            Widen(rows[i]);
            _row.CopyTo(withOne, 0);
            for (var j = 0; j < size; j++)
                AddScaled(curvatures[i] * stride * withOne[j], withOne.AsSpan(0, j + 1), gram.AsSpan(j * size, j + 1));
        }
        var matrix = new double[size, size];
        for (var j = 0; j < size; j++)
            for (var k = 0; k <= j; k++)
                matrix[j, k] = gram[j * size + k] + (j == k ? 1 : 0);
        return new GramPreconditioner(Cholesky.Factor(matrix));
    }

    private void Widen(int row)
    {
        var source = values.AsSpan(row * columns, columns);
        for (var j = 0; j < source.Length; j++)
            _row[j] = source[j];
    }

    // Vector256 is four lanes on every processor, and nothing is fused, so the bits are the same everywhere.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var lanes = Vector256<double>.Zero;
        var j = 0;
        for (; j + Vector256<double>.Count <= a.Length; j += Vector256<double>.Count)
            lanes += Vector256.Create(a[j..]) * Vector256.Create(b[j..]);
        var sum = Vector256.Sum(lanes);
        for (; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    private static void AddScaled(double scale, ReadOnlySpan<double> x, Span<double> target)
    {
        var factor = Vector256.Create(scale);
        var j = 0;
        for (; j + Vector256<double>.Count <= x.Length; j += Vector256<double>.Count)
            (Vector256.Create(target[j..]) + factor * Vector256.Create(x[j..])).CopyTo(target[j..]);
        for (; j < x.Length; j++)
            target[j] += scale * x[j];
    }
}
