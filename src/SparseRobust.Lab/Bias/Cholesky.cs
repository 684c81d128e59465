namespace SparseRobust.Lab.Bias;

/// <summary>Solves small symmetric positive definite systems.</summary>
internal static class Cholesky
{
    /// <summary>x with A x = b, by A = L L'. Reads the lower triangle of <paramref name="matrix"/> only.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var x = (double[])right.Clone();
        SolveFactored(Factor(matrix), x);
        return x;
    }

    /// <summary>As <see cref="Solve"/>, with the factor L at hand; <paramref name="x"/> holds b before and the solution after.</summary>
    public static void SolveFactored(double[,] lower, double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= lower[i, k] * x[k];
            x[i] /= lower[i, i];
        }
        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < x.Length; k++)
                x[i] -= lower[k, i] * x[k];
            x[i] /= lower[i, i];
        }
    }

    /// <summary>L, lower triangular, with A = L L'. Reads the lower triangle only.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static double[,] Factor(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var lower = new double[size, size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var k = 0; k < j; k++)
                    rest -= lower[i, k] * lower[j, k];
                if (i == j && !(rest > 0))
                    throw new ArithmeticException($"The matrix is not positive definite (pivot {rest:g3} at {i}).");
                lower[i, j] = i == j ? Math.Sqrt(rest) : rest / lower[j, j];
            }
        return lower;
    }
}
