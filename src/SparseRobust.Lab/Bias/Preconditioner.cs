namespace SparseRobust.Lab.Bias;

/// <summary>An approximate inverse of a softmax loss's Hessian, the same for every class. It decides how many steps a fit takes, not where it ends.</summary>
internal abstract class Preconditioner
{
    /// <summary>Multiplies by the approximate inverse, in place.</summary>
    /// <param name="vector">Classes x columns entries, class-major, then one for each class's intercept.</param>
    /// <param name="classes">How many classes there are.</param>
    public abstract void Apply(Span<double> vector, int classes);
}

/// <summary>By the second moments of the features, intercept included.</summary>
/// <param name="factor">Lower Cholesky factor of the moments plus the penalty.</param>
internal sealed class GramPreconditioner(double[,] factor) : Preconditioner
{
    public override void Apply(Span<double> vector, int classes)
    {
        var columns = factor.GetLength(0) - 1;
        var block = new double[columns + 1];
        for (var k = 0; k < classes; k++)
        {
            var weights = vector.Slice(k * columns, columns);
            ref var intercept = ref vector[classes * columns + k];
            weights.CopyTo(block);
            block[^1] = intercept;
            Cholesky.SolveFactored(factor, block);
            block.AsSpan(0, columns).CopyTo(weights);
            intercept = block[^1];
        }
    }
}

/// <summary>By the diagonal alone, for features too many for a matrix.</summary>
/// <param name="diagonal">Second moment plus penalty of each feature, then of the intercept; above 0.</param>
internal sealed class DiagonalPreconditioner(double[] diagonal) : Preconditioner
{
    public override void Apply(Span<double> vector, int classes)
    {
        var columns = diagonal.Length - 1;
        for (var k = 0; k < classes; k++)
        {
            var weights = vector.Slice(k * columns, columns);
            for (var j = 0; j < columns; j++)
                weights[j] /= diagonal[j];
            vector[classes * columns + k] /= diagonal[^1];
        }
    }
}
