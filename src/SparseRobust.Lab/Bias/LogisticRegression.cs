using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>How a <see cref="LogisticRegression"/> is fitted.</summary>
internal sealed record LogisticRegressionOptions
{
    /// <summary>Weight of the data against the penalty, above 0. Default 100.</summary>
    public double C { get; init; } = 100;

    /// <summary>Whether a row counts n / (2 * rows of its class), so that both classes weigh the same (scikit-learn's class_weight="balanced"), instead of 1.</summary>
    public bool BalancedClasses { get; init; } = true;

    /// <summary>Stop when the gradient's 2-norm is at most this times its norm at w = 0. Default 1e-10.</summary>
    public double RelativeTolerance { get; init; } = 1e-10;

    /// <summary>Give up after this many Newton steps. Default 200.</summary>
    public int MaximumIterations { get; init; } = 200;
}

/// <summary>L2-regularised logistic regression on two classes: P(positive | x) = 1 / (1 + exp(-(w.x + b))). Immutable and thread-safe.</summary>
/// <remarks>
/// Minimises 0.5 * (|w|^2 + b^2) + C * sum_i s_i * ln(1 + exp(-y_i * (w.x_i + b))), y_i = +1 or -1, s_i the class weight, by Newton's method (iteratively
/// reweighted least squares) with a halving line search. Source: liblinear's primal solver as scikit-learn calls it (solver="liblinear",
/// intercept_scaling=1). Like liblinear, and unlike most others, it penalises the intercept b too: b is the weight of a constant feature 1.
/// The objective is strictly convex, so the minimum is unique and both reach it; probabilities agree with scikit-learn 1.2.1 to 1e-6 (golden test).
/// </remarks>
internal sealed class LogisticRegression
{
    // Weights of the features, then the intercept.
    private readonly double[] _weights;

    private LogisticRegression(double[] weights, int iterations, double gradientNorm) =>
        (_weights, Iterations, GradientNorm) = (weights, iterations, gradientNorm);

    /// <summary>w, one weight per feature.</summary>
    public IReadOnlyList<double> Coefficients => _weights[..^1];

    /// <summary>b.</summary>
    public double Intercept => _weights[^1];

    /// <summary>Newton steps taken.</summary>
    public int Iterations { get; }

    /// <summary>2-norm of the objective's gradient at the weights returned.</summary>
    public double GradientNorm { get; }

    /// <summary>Fits to rows and their classes.</summary>
    /// <param name="x">Features, finite.</param>
    /// <param name="positive">For each row, whether it is of the positive class.</param>
    /// <param name="options">Regularisation and stopping.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <exception cref="LabException">DatasetInvalid when all rows are of one class; TrainingDiverged when the minimum is not reached.</exception>
    public static LogisticRegression Fit(FeatureMatrix x, IReadOnlyList<bool> positive, LogisticRegressionOptions options, CancellationToken cancellation)
    {
        var loss = new LogisticLoss(x, positive, RowWeights(positive, options));
        var weights = new double[x.Columns + 1];
        var current = loss.At(weights);
        var goal = options.RelativeTolerance * current.GradientNorm;
        for (var iteration = 0; iteration <= options.MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (current.GradientNorm <= goal || !Improve(loss, ref weights, ref current))
                return new LogisticRegression(weights, iteration, current.GradientNorm);
        }
        throw new LabException(ProblemCode.TrainingDiverged, $"The logistic regression did not converge in {options.MaximumIterations} steps (gradient norm {current.GradientNorm:g3}, goal {goal:g3}). Lower C.");
    }

    /// <summary>w.x + b: the log-odds of the positive class.</summary>
    public double LogOdds(ReadOnlySpan<double> row) => LogisticLoss.Score(_weights, row);

    /// <summary>Natural logarithms of the probabilities of the negative and the positive class; finite, also where the probability rounds to 0.</summary>
    public (double Negative, double Positive) LogProbabilities(ReadOnlySpan<double> row)
    {
        var logOdds = LogOdds(row);
        return (-LogisticLoss.LogOnePlusExp(logOdds), -LogisticLoss.LogOnePlusExp(-logOdds));
    }

    private static double[] RowWeights(IReadOnlyList<bool> positive, LogisticRegressionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.C);
        var positives = positive.Count(isPositive => isPositive);
        if (positives == 0 || positives == positive.Count)
            throw new LabException(ProblemCode.DatasetInvalid, $"All {positive.Count} rows are {(positives == 0 ? "outside" : "of")} the positive class; a bias model needs rows of both. Use more of the training set.");
        double Weight(int size) => options.BalancedClasses ? options.C * positive.Count / (2.0 * size) : options.C;
        var (ofNegative, ofPositive) = (Weight(positive.Count - positives), Weight(positives));
        return [.. positive.Select(isPositive => isPositive ? ofPositive : ofNegative)];
    }

    // One Newton step, halved until the loss falls. False when rounding leaves no fall to be had: the minimum, as far as doubles can tell.
    private static bool Improve(LogisticLoss loss, ref double[] weights, ref LogisticLoss.Point current)
    {
        var direction = Cholesky.Solve(current.Hessian, current.Gradient);
        for (var scale = 1.0; scale > 1e-12; scale /= 2)
        {
            var next = new double[weights.Length];
            for (var j = 0; j < next.Length; j++)
                next[j] = weights[j] - scale * direction[j];
            var point = loss.At(next);
            if (point.Value > current.Value || (point.Value == current.Value && point.GradientNorm >= current.GradientNorm))
                continue;
            (weights, current) = (next, point);
            return true;
        }
        return false;
    }
}
