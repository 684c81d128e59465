namespace SparseRobust.Lab.Bias;

/// <summary>Features of many rows as <see cref="SoftmaxRegression"/> reads them: one row at a time, dense or sparse.</summary>
/// <remarks>Weights and gradients are class-major: entry k * <see cref="Columns"/> + j belongs to class k and feature j.</remarks>
internal abstract class FeatureRows
{
    /// <summary>How many rows there are.</summary>
    public abstract int Rows { get; }

    /// <summary>Features per row, at least 1.</summary>
    public abstract int Columns { get; }

    /// <summary>Adds w_k . x of one row to the score of each class k. Sums run in the order of the features, the same on every processor.</summary>
    public abstract void AddScores(int row, ReadOnlySpan<double> weights, Span<double> scores);

    /// <summary>Adds slope_k * x of one row to the gradient of each class k.</summary>
    public abstract void AddGradient(int row, ReadOnlySpan<double> slopes, Span<double> gradient);

    /// <summary>A cheap stand-in for the inverse Hessian of the loss.</summary>
    /// <param name="rows">The rows of the fit.</param>
    /// <param name="curvatures">Second derivative per unit of squared score of each of <paramref name="rows"/>, at least 0.</param>
    public abstract Preconditioner Precondition(IReadOnlyList<int> rows, IReadOnlyList<double> curvatures);
}
