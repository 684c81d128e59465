namespace SparseRobust.Lab.Bias;

/// <summary>The objective of <see cref="LogisticRegression"/> with its derivatives; a constant feature 1 stands last, for the intercept.</summary>
/// <param name="x">Features.</param>
/// <param name="positive">Class of each row.</param>
/// <param name="rowWeights">C times the class weight of each row.</param>
internal sealed class LogisticLoss(FeatureMatrix x, IReadOnlyList<bool> positive, double[] rowWeights)
{
    /// <summary>The objective at some weights.</summary>
    /// <param name="Value">0.5 |w|^2 + sum_i weight_i * ln(1 + exp(-y_i * w.x_i)).</param>
    /// <param name="Gradient">First derivatives.</param>
    /// <param name="Hessian">Second derivatives, symmetric; the lower triangle is filled.</param>
    public sealed record Point(double Value, double[] Gradient, double[,] Hessian)
    {
        /// <summary>2-norm of the gradient.</summary>
        public double GradientNorm { get; } = Math.Sqrt(Gradient.Sum(g => g * g));
    }

    /// <summary>Value, gradient and Hessian at the given weights. Sums run in row order, so the result is the same every time.</summary>
    public Point At(double[] weights)
    {
        var gradient = (double[])weights.Clone();
        var hessian = new double[weights.Length, weights.Length];
        var value = 0.0;
        for (var j = 0; j < weights.Length; j++)
        {
            value += 0.5 * weights[j] * weights[j];
            hessian[j, j] = 1;
        }
        for (var i = 0; i < x.Rows; i++)
        {
            var row = x.Row(i);
            var score = Score(weights, row);
            var probability = Math.Exp(-LogOnePlusExp(-score));
            value += rowWeights[i] * LogOnePlusExp(positive[i] ? -score : score);
            AddRow(row, rowWeights[i] * (probability - (positive[i] ? 1 : 0)), rowWeights[i] * probability * (1 - probability), gradient, hessian);
        }
        return new Point(value, gradient, hessian);
    }

    /// <summary>w.x + b, with b the last of <paramref name="weights"/>.</summary>
    public static double Score(ReadOnlySpan<double> weights, ReadOnlySpan<double> row)
    {
        var score = weights[^1];
        for (var j = 0; j < row.Length; j++)
            score += weights[j] * row[j];
        return score;
    }

    /// <summary>ln(1 + exp(z)) without overflow.</summary>
    public static double LogOnePlusExp(double z) => Math.Max(z, 0) + double.LogP1(Math.Exp(-Math.Abs(z)));

    private static void AddRow(ReadOnlySpan<double> row, double slope, double curvature, double[] gradient, double[,] hessian)
    {
        for (var j = 0; j <= row.Length; j++)
        {
            var atJ = j < row.Length ? row[j] : 1;
            gradient[j] += slope * atJ;
            for (var k = 0; k <= j; k++)
                hessian[j, k] += curvature * atJ * (k < row.Length ? row[k] : 1);
        }
    }
}
