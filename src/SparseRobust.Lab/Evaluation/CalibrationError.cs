namespace SparseRobust.Lab.Evaluation;

/// <summary>Expected calibration error, ECE: how far a model's confidence in its predictions is from how often they are right, in [0, 1].</summary>
/// <remarks>Source: Guo et al. 2017, sec. 2, with its 15 bins.</remarks>
internal static class CalibrationError
{
    /// <summary>How many bins of equal width divide [0, 1].</summary>
    public const int Bins = 15;

    /// <summary>sum over bins of (n_b / n) |accuracy_b - mean confidence_b|; null over no rows or where a confidence is no number.</summary>
    /// <param name="confidences">The predicted class's probability of each row, in [0, 1].</param>
    /// <param name="correct">Whether each row's prediction is right.</param>
    /// <remarks>Bin b = 1 .. 15 holds the confidences in ((b - 1) / 15, b / 15], that is b = ceil(15 p) in doubles; 0 is in the first.</remarks>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double? Of(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> correct)
    {
        if (confidences.Length != correct.Length)
            throw new ArgumentException($"{confidences.Length} confidences cannot be judged by {correct.Length} rows.", nameof(correct));
        // n_b |accuracy_b - confidence_b| = |right rows - sum of confidences|.
        Span<double> excess = stackalloc double[Bins];
        excess.Clear();
        for (var i = 0; i < correct.Length; i++)
        {
            if (double.IsNaN(confidences[i]))
                return null;
            excess[BinOf(confidences[i])] += (correct[i] ? 1 : 0) - confidences[i];
        }
        var sum = 0.0;
        foreach (var bin in excess)
            sum += Math.Abs(bin);
        return correct.IsEmpty ? null : sum / correct.Length;
    }

    internal static int BinOf(double confidence) => Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
}
