namespace SparseRobust.Lab.Bias;

/// <summary>Features of many rows, row-major, double precision.</summary>
/// <param name="Columns">Features per row, at least 1.</param>
/// <param name="Values">Rows x <paramref name="Columns"/> finite numbers. Owned by the matrix: the caller must not change them afterwards.</param>
internal sealed record FeatureMatrix(int Columns, double[] Values)
{
    /// <summary>How many rows there are.</summary>
    public int Rows => Values.Length / Columns;

    /// <summary>The features of one row.</summary>
    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>A copy of some rows, in the order given.</summary>
    public FeatureMatrix Select(IReadOnlyList<int> rows)
    {
        var values = new double[rows.Count * Columns];
        for (var i = 0; i < rows.Count; i++)
            Row(rows[i]).CopyTo(values.AsSpan(i * Columns, Columns));
        return new FeatureMatrix(Columns, values);
    }
}
