namespace SparseRobust.Lab.Bias;

/// <summary>The objective of <see cref="SoftmaxRegression"/> with its gradient.</summary>
/// <param name="x">Features.</param>
/// <param name="rows">The rows of the fit, in the order in which they are summed.</param>
/// <param name="labels">Class of each of <paramref name="rows"/>, 0 .. <paramref name="classes"/> - 1.</param>
/// <param name="rowWeights">C times the class weight of each of <paramref name="rows"/>.</param>
/// <param name="classes">How many classes there are.</param>
internal sealed class SoftmaxLoss(FeatureRows x, IReadOnlyList<int> rows, int[] labels, double[] rowWeights, int classes)
{
    /// <summary>The objective at some weights.</summary>
    /// <param name="Weights">Classes x columns weights, class-major, then one intercept per class.</param>
    /// <param name="Value">0.5 |W|^2 + sum_i weight_i * -log softmax(W x_i + b)[label_i].</param>
    /// <param name="Gradient">First derivatives, laid out as the weights.</param>
    public sealed record Point(double[] Weights, double Value, double[] Gradient)
    {
        /// <summary>2-norm of the gradient.</summary>
        public double GradientNorm { get; } = Math.Sqrt(Vectors.Dot(Gradient, Gradient));
    }

    /// <summary>How many weights there are, intercepts included.</summary>
    public int Size => classes * (x.Columns + 1);

    /// <summary>Below this a gradient's 2-norm is rounding: a few units in the last place of a sum over all rows.</summary>
    public double Rounding { get; } = 1e-14 * rowWeights.Sum();

    /// <summary>Value and gradient at the given weights. Sums run in row order, so the result is the same every time.</summary>
    public Point At(double[] weights)
    {
        var penalised = classes * x.Columns;
        var gradient = new double[weights.Length];
        weights.AsSpan(0, penalised).CopyTo(gradient);
        var value = 0.5 * Vectors.Dot(weights.AsSpan(0, penalised), weights.AsSpan(0, penalised));
        Span<double> scores = stackalloc double[classes];
        for (var i = 0; i < rows.Count; i++)
        {
            weights.AsSpan(penalised).CopyTo(scores);
            x.AddScores(rows[i], weights.AsSpan(0, penalised), scores);
            LogSoftmax(scores);
            value -= rowWeights[i] * scores[labels[i]];
            for (var k = 0; k < classes; k++)
            {
                scores[k] = rowWeights[i] * (Math.Exp(scores[k]) - (k == labels[i] ? 1 : 0));
                gradient[penalised + k] += scores[k];
            }
            x.AddGradient(rows[i], scores, gradient.AsSpan(0, penalised));
        }
        return new Point(weights, value, gradient);
    }

    /// <summary>The Hessian's stand-in where all classes are equally likely, of which each class's share is weight / classes.</summary>
    public Preconditioner Precondition() => x.Precondition(rows, [.. rowWeights.Select(weight => weight / classes)]);

    /// <summary>Scores to natural log-probabilities, in place, without overflow.</summary>
    public static void LogSoftmax(Span<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - largest);
        var logSum = largest + Math.Log(sum);
        for (var k = 0; k < scores.Length; k++)
            scores[k] -= logSum;
    }
}
