using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>L2-regularised multinomial logistic regression: P(k | x) = softmax(W x + b)[k]. Immutable and thread-safe.</summary>
/// <remarks>
/// Minimises 0.5 * |W|^2 + C * sum_i s_i * -log softmax(W x_i + b)[y_i], s_i the class weight: scikit-learn's objective for solver="lbfgs",
/// multi_class="multinomial". C means what it means there: the weight of the summed, not averaged, loss of the rows against half the squared norm.
/// Like that solver, and unlike liblinear and so <see cref="LogisticRegression"/>, it leaves the intercepts b out of the penalty: liblinear has no
/// softmax, so there is no published liblinear fit to follow, and with free intercepts the predicted shares of the (weighted) classes are those of the
/// rows. Two classes are fitted as a softmax over two, which at C is <see cref="LogisticRegression"/> (with a free intercept) at 2 C.
/// Fitted by preconditioned L-BFGS to a gradient of 1e-10 of the first one. The minimum is unique but for a constant added to all b, which changes no
/// probability; probabilities agree with scikit-learn 1.2.1 to 1e-6 (golden test). Features are float32, every sum is double and in row order.
/// A class without training rows cannot be fitted: it gets probability 1 / (rows + 1), and the others share the rest.
/// </remarks>
internal sealed class SoftmaxRegression
{
    private readonly double[] _weights;
    private readonly int[] _fitted;
    private readonly int _classes;
    private readonly int _rows;

    private SoftmaxRegression(double[] weights, int[] fitted, int classes, int rows, int iterations, double gradientNorm) =>
        (_weights, _fitted, _classes, _rows, Iterations, GradientNorm) = (weights, fitted, classes, rows, iterations, gradientNorm);

    /// <summary>L-BFGS steps taken.</summary>
    public int Iterations { get; }

    /// <summary>2-norm of the objective's gradient at the weights returned.</summary>
    public double GradientNorm { get; }

    /// <summary>Weights of each fitted class, one per feature; empty for a class without training rows.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Coefficients => [.. Enumerable.Range(0, _classes).Select(label => Array.IndexOf(_fitted, label)).Select(k => k < 0 ? [] : _weights[(k * Columns)..((k + 1) * Columns)])];

    /// <summary>b of each fitted class; 0 for a class without training rows. Their sum is 0.</summary>
    public IReadOnlyList<double> Intercepts => [.. Enumerable.Range(0, _classes).Select(label => Array.IndexOf(_fitted, label)).Select(k => k < 0 ? 0 : _weights[_fitted.Length * Columns + k])];

    private int Columns => _weights.Length / _fitted.Length - 1;

    /// <summary>Fits to some rows of a feature table and their classes.</summary>
    /// <param name="x">Features, finite.</param>
    /// <param name="rows">The rows to fit to.</param>
    /// <param name="labels">Class of every row of <paramref name="x"/>, 0 .. <paramref name="classes"/> - 1.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="options">Regularisation and stopping.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <exception cref="LabException">DatasetInvalid when all rows are of one class; TrainingDiverged when the minimum is not reached.</exception>
    public static SoftmaxRegression Fit(FeatureRows x, IReadOnlyList<int> rows, IReadOnlyList<int> labels, int classes, LogisticRegressionOptions options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.C);
        var counts = new int[classes];
        foreach (var row in rows)
            counts[labels[row]]++;
        int[] fitted = [.. Enumerable.Range(0, classes).Where(label => counts[label] > 0)];
        if (fitted.Length < 2)
            throw new LabException(ProblemCode.DatasetInvalid, $"All {rows.Count} rows are of one class; a bias model needs rows of at least two. Use more of the training set.");
        double WeightOf(int row) => options.BalancedClasses ? options.C * rows.Count / ((double)fitted.Length * counts[labels[row]]) : options.C;
        var loss = new SoftmaxLoss(x, rows, [.. rows.Select(row => Array.IndexOf(fitted, labels[row]))], [.. rows.Select(WeightOf)], fitted.Length);
        var (point, iterations) = Minimise(loss, fitted.Length, options, cancellation);
        return new SoftmaxRegression(point.Weights, fitted, classes, rows.Count, iterations, point.GradientNorm);
    }

    /// <summary>Natural log-probabilities of one row, of all classes; finite, also where a probability rounds to 0.</summary>
    public void LogProbabilities(FeatureRows x, int row, Span<float> logProbs)
    {
        var penalised = _fitted.Length * Columns;
        Span<double> scores = stackalloc double[_fitted.Length];
        _weights.AsSpan(penalised).CopyTo(scores);
        x.AddScores(row, _weights.AsSpan(0, penalised), scores);
        SoftmaxLoss.LogSoftmax(scores);
        var absent = _classes - _fitted.Length;
        logProbs.Fill((float)-Math.Log(_rows + 1.0));
        for (var k = 0; k < _fitted.Length; k++)
            logProbs[_fitted[k]] = (float)(scores[k] + (absent > 0 ? double.LogP1(-absent / (_rows + 1.0)) : 0));
    }

    private static (SoftmaxLoss.Point Point, int Iterations) Minimise(SoftmaxLoss loss, int classes, LogisticRegressionOptions options, CancellationToken cancellation)
    {
        var point = loss.At(new double[loss.Size]);
        var goal = Math.Max(options.RelativeTolerance * point.GradientNorm, loss.Rounding);
        var search = new Lbfgs(loss, classes);
        for (var iteration = 0; iteration <= options.MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (point.GradientNorm <= goal || search.Step(point) is not { } next)
                return point.GradientNorm <= RoundingLimit(options) * goal ? (point, iteration) : throw Diverged(iteration, point, goal);
            point = next;
        }
        throw Diverged(options.MaximumIterations, point, goal);
    }

    // How far above the goal the gradient may be where rounding forbids a further step: 1e-6 of the first gradient.
    private static double RoundingLimit(LogisticRegressionOptions options) => Math.Max(1, 1e-6 / options.RelativeTolerance);

    private static LabException Diverged(int iterations, SoftmaxLoss.Point point, double goal) => new(
        ProblemCode.TrainingDiverged, $"The softmax regression did not converge in {iterations} steps (gradient norm {point.GradientNorm:g3}, goal {goal:g3}). Lower C.");
}
