namespace SparseRobust.Lab.Evaluation;

/// <summary>Shares of predictions that are right, in [0, 1]; null over no rows.</summary>
internal static class Accuracy
{
    /// <summary>Correct rows / all rows.</summary>
    public static double? Of(ConfusionMatrix matrix) => Share(matrix.Correct(), matrix.N);

    /// <summary>Correct rows of a gold class / rows of that class: the class's recall.</summary>
    public static double? OfClass(ConfusionMatrix matrix, int c) => Share(matrix.Correct(c), matrix.Gold(c));

    private static double? Share(int right, int n) => n == 0 ? null : (double)right / n;
}
