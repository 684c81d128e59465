namespace SparseRobust.Lab.Statistics;

/// <summary>Area under the ROC curve: the chance that a positive row, drawn at random, has a larger number than a negative one, in [0, 1]; 1/2 is what a coin reaches.</summary>
/// <remarks>Needs no threshold and does not depend on how many rows are positive. Equal numbers count one half. Agrees with scikit-learn's roc_auc_score.</remarks>
internal static class RocAuc
{
    /// <summary>(R - P (P + 1) / 2) / (P N), where R is the sum of the positive rows' average ranks, P counts the positive rows and N the others: Mann and Whitney's U over P N.</summary>
    /// <param name="values">A number per row, larger where the row is held to be positive; none may be NaN.</param>
    /// <param name="positive">Whether a row is positive.</param>
    /// <returns>Null (undefined) unless there are rows of both kinds.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or a number is NaN.</exception>
    public static double? Of(ReadOnlySpan<double> values, ReadOnlySpan<bool> positive)
    {
        if (values.Length != positive.Length)
            throw new ArgumentException($"{values.Length} numbers cannot be judged by {positive.Length} classes.", nameof(positive));
        foreach (var value in values)
            if (double.IsNaN(value))
                throw new ArgumentException("A number is NaN, which has no place in an order.", nameof(values));
        var ranks = Ranks.Average(values);
        var (sum, positives) = (0.0, 0L);
        for (var i = 0; i < ranks.Length; i++)
            if (positive[i])
                (sum, positives) = (sum + ranks[i], positives + 1);
        var negatives = ranks.Length - positives;
        return positives == 0 || negatives == 0 ? null : (sum - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }
}
