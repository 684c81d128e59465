namespace SparseRobust.Lab.Evaluation;

/// <summary>Matthews' correlation of predicted and gold classes, in [-1, 1]: 1 is perfect, 0 no better than chance.</summary>
/// <remarks>Source: Gorodkin (2004), whose R_K over K classes is, for two, (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)). CoLA's metric in GLUE. Agrees with
/// scikit-learn's matthews_corrcoef.</remarks>
internal static class Matthews
{
    /// <summary>(s n - sum p_c g_c) / sqrt((n^2 - sum p_c^2)(n^2 - sum g_c^2)) for s correct rows of n, and class c predicted p_c times and gold g_c times; 0 when the
    /// denominator is 0, as when one class is always predicted; null over no rows.</summary>
    public static double? Of(ConfusionMatrix matrix)
    {
        if (matrix.N == 0)
            return null;
        long n = matrix.N, crossed = 0, predictedSquares = 0, goldSquares = 0;
        var predictedRows = 0L;
        for (var c = 0; c < matrix.Classes; c++)
        {
            long predicted = matrix.Predicted(c), gold = matrix.Gold(c);
            predictedRows += predicted;
            crossed += predicted * gold;
            predictedSquares += predicted * predicted;
            goldSquares += gold * gold;
        }
        // What was predicted as none of the classes is a class of its own that is never gold.
        predictedSquares += (n - predictedRows) * (n - predictedRows);
        var denominator = Math.Sqrt((double)(n * n - predictedSquares) * (n * n - goldSquares));
        return denominator == 0 ? 0 : (matrix.Correct() * n - crossed) / denominator;
    }
}
