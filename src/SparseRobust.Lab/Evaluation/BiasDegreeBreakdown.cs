using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Accuracy per quartile of the bias degree: whether a model is right where the bias alone is, or also where the bias misleads.</summary>
/// <remarks>Source: SRNets, sec. 3.3, whose bias degree beta is the bias model's probability of the gold label.</remarks>
internal static class BiasDegreeBreakdown
{
    /// <summary>The slices <c>bias_degree=q1_0.01_to_0.3</c> to q4, ordered by name; q1 is where the bias misleads most (<see cref="Quartiles"/>).</summary>
    /// <param name="set">The rows; where the model's classes are merged, beta is summed over those that count as the gold label.</param>
    /// <param name="correct">Whether the judged model is right, per row.</param>
    /// <param name="bias">The bias model's predictions for these rows over the model's classes.</param>
    /// <exception cref="ArgumentException">The predictions are of other rows or classes.</exception>
    public static IEnumerable<(string Name, double Accuracy, int N)> Slices(EvaluationSet set, IReadOnlyList<bool> correct, BiasPredictions bias)
    {
        if (bias.DatasetSha256 != set.Dataset.Sha256 || bias.Count != set.Dataset.Examples.Count || bias.Labels.Count != set.ModelToDataset.Count)
            throw new ArgumentException($"These bias predictions are of {bias.Count} rows of {bias.DatasetSha256}, not of {set.Dataset.Name} {set.Dataset.Split}.", nameof(bias));
        var names = Quartiles.NamesOf("bias_degree", [.. Enumerable.Range(0, bias.Count).Select(row => (double?)BiasDegree(set, bias, row))]);
        var accuracies = new SliceAccuracies();
        for (var i = 0; i < names.Count; i++)
            accuracies.Count(names[i]!, correct[i]);
        return accuracies.All();
    }

    private static double BiasDegree(EvaluationSet set, BiasPredictions bias, int row)
    {
        var logProbs = bias.Row(row);
        var sum = 0.0;
        for (var c = 0; c < logProbs.Length; c++)
            sum += set.ModelToDataset[c] == set.Dataset.Examples[row].Label ? Math.Exp(logProbs[c]) : 0;
        return sum;
    }
}
