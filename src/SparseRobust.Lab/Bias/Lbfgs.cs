namespace SparseRobust.Lab.Bias;

/// <summary>Limited-memory BFGS on a smooth convex objective, with a line search to the weak Wolfe conditions.</summary>
/// <remarks>Source: Nocedal and Wright, Numerical Optimization, alg. 7.4 and sec. 3.1; near the minimum, where differences of values are lost to rounding,
/// sufficient decrease is judged by slopes (Hager and Zhang 2005, "approximate Wolfe"). The initial inverse Hessian is the preconditioner times a scale.</remarks>
internal sealed class Lbfgs(SoftmaxLoss loss, int classes)
{
    private const int Memory = 20;
    private const int MostTrials = 60;
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;

    private readonly Preconditioner _preconditioner = loss.Precondition();
    private readonly List<(double[] Step, double[] Change, double Inverse)> _pairs = [];

    /// <summary>Moves from a point to one with a smaller value; null when rounding leaves none to be had.</summary>
    public SoftmaxLoss.Point? Step(SoftmaxLoss.Point from)
    {
        var direction = Direction(from.Gradient);
        if (LineSearch(from, direction) is not { } to)
            return null;
        var step = Vectors.Difference(to.Weights, from.Weights);
        var change = Vectors.Difference(to.Gradient, from.Gradient);
        if (Vectors.Dot(step, change) is var curvature && curvature > 0)
            _pairs.Add((step, change, 1 / curvature));
        if (_pairs.Count > Memory)
            _pairs.RemoveAt(0);
        return to;
    }

    // The two-loop recursion: minus the inverse Hessian, as the kept pairs and the preconditioner know it, times the gradient.
    private double[] Direction(double[] gradient)
    {
        var q = Vectors.Scaled(-1, gradient);
        var shares = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = _pairs[i].Inverse * Vectors.Dot(_pairs[i].Step, q);
            Vectors.AddScaled(-shares[i], _pairs[i].Change, q);
        }
        _preconditioner.Apply(q, classes);
        if (_pairs.Count > 0)
            Vectors.Scale(ScaleOf(_pairs[^1].Change, 1 / _pairs[^1].Inverse), q);
        for (var i = 0; i < _pairs.Count; i++)
            Vectors.AddScaled(shares[i] - _pairs[i].Inverse * Vectors.Dot(_pairs[i].Change, q), _pairs[i].Step, q);
        return q;
    }

    // The scale at which the preconditioner has the newest pair's curvature: s.y / y.My.
    private double ScaleOf(double[] change, double curvature)
    {
        var preconditioned = (double[])change.Clone();
        _preconditioner.Apply(preconditioned, classes);
        return curvature / Vectors.Dot(change, preconditioned);
    }

    private SoftmaxLoss.Point? LineSearch(SoftmaxLoss.Point from, double[] direction)
    {
        var slope = Vectors.Dot(from.Gradient, direction);
        if (!(slope < 0))
            return null;
        var (tooShort, tooLong, length) = (0.0, double.PositiveInfinity, 1.0);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            var point = loss.At(Vectors.Sum(from.Weights, length, direction));
            var slopeThere = Vectors.Dot(point.Gradient, direction);
            var falls = point.Value <= from.Value + Decrease * length * slope
                || (point.Value <= from.Value + 1e-12 * Math.Abs(from.Value) && slopeThere <= (2 * Decrease - 1) * slope);
            if (falls && slopeThere >= Curvature * slope)
                return point;
            if (falls)
                tooShort = length;
            else
                tooLong = length;
            length = double.IsInfinity(tooLong) ? 2 * tooShort : (tooShort + tooLong) / 2;
        }
        return null;
    }
}
