namespace SparseRobust.Lab.Bias;

/// <summary>Sparse features that are 0 or 1: of each row, the columns that are 1 (compressed sparse rows without values).</summary>
/// <param name="columns">Features per row, at least 1.</param>
/// <param name="starts">Where each row's entries start, and at last their count; length rows + 1.</param>
/// <param name="entries">Columns that are 1, row by row, ascending and without repeats within a row.</param>
internal sealed class SparseRows(int columns, int[] starts, int[] entries) : FeatureRows
{
    public override int Rows => starts.Length - 1;

    public override int Columns => columns;

    /// <summary>The columns of one row that are 1.</summary>
    public ReadOnlySpan<int> Row(int row) => entries.AsSpan(starts[row]..starts[row + 1]);

    public override void AddScores(int row, ReadOnlySpan<double> weights, Span<double> scores)
    {
        foreach (var column in Row(row))
            for (var k = 0; k < scores.Length; k++)
                scores[k] += weights[k * columns + column];
    }

    public override void AddGradient(int row, ReadOnlySpan<double> slopes, Span<double> gradient)
    {
        foreach (var column in Row(row))
            for (var k = 0; k < slopes.Length; k++)
                gradient[k * columns + column] += slopes[k];
    }

    public override Preconditioner Precondition(IReadOnlyList<int> rows, IReadOnlyList<double> curvatures)
    {
        var diagonal = new double[columns + 1];
        Array.Fill(diagonal, 1);
        for (var i = 0; i < rows.Count; i++)
        {
            diagonal[^1] += curvatures[i];
            foreach (var column in Row(rows[i]))
                diagonal[column] += curvatures[i];
        }
        return new DiagonalPreconditioner(diagonal);
    }
}
