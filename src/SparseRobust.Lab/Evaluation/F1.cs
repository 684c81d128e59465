namespace SparseRobust.Lab.Evaluation;

/// <summary>F1, the harmonic mean of precision and recall, in [0, 1].</summary>
/// <remarks>Source: SRNets, app. B.1, which reports the weighted F1 on QQP and PAWS; its code chooses checkpoints by the positive class's. Agrees with scikit-learn's f1_score.</remarks>
internal static class F1
{
    /// <summary>F1 of one class: 2 TP / (2 TP + FP + FN); 0 when the class neither occurs nor is predicted; null over no rows.</summary>
    public static double? OfClass(ConfusionMatrix matrix, int c)
    {
        if (matrix.N == 0)
            return null;
        // Predicted rows are TP + FP, gold rows are TP + FN.
        var involved = matrix.Predicted(c) + matrix.Gold(c);
        return involved == 0 ? 0 : 2.0 * matrix.Correct(c) / involved;
    }

    /// <summary>The classes' F1, each weighted by its share of the gold rows: sum of (gold_c / n) F1_c; null over no rows.</summary>
    public static double? Weighted(ConfusionMatrix matrix) =>
        matrix.N == 0 ? null : Enumerable.Range(0, matrix.Classes).Sum(c => matrix.Gold(c) * OfClass(matrix, c)!.Value) / matrix.N;
}
