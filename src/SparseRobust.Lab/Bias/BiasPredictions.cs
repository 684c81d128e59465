using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>A bias model's log-probabilities for every row of a dataset, in the dataset's order. Immutable and thread-safe.</summary>
public sealed class BiasPredictions
{
    /// <summary>How far a row's probabilities may sum from 1.</summary>
    public const double SumTolerance = 1e-4;

    private readonly float[] _logProbs;

    /// <summary>Wraps log-probabilities.</summary>
    /// <param name="datasetSha256">Identity of the dataset they are of.</param>
    /// <param name="labels">The classes, in column order; at least two.</param>
    /// <param name="logProbs">Rows x classes natural logarithms, row-major, finite, normalised. Copied.</param>
    /// <exception cref="ArgumentException">Not a whole number of rows, a value is not finite, or a row does not sum to 1.</exception>
    public BiasPredictions(string datasetSha256, LabelSet labels, ReadOnlySpan<float> logProbs)
    {
        if (labels.Count < 2 || logProbs.Length % labels.Count != 0)
            throw new ArgumentException($"{logProbs.Length} values are no whole number of rows of {labels.Count} classes.", nameof(logProbs));
        (DatasetSha256, Labels, _logProbs) = (datasetSha256, labels, logProbs.ToArray());
        for (var i = 0; i < Count; i++)
            if (FaultOf(Row(i)) is { } fault)
                throw new ArgumentException($"Row {i}: {fault}", nameof(logProbs));
    }

    /// <summary>Identity of the dataset the rows are of (<see cref="Dataset.Sha256"/>).</summary>
    public string DatasetSha256 { get; }

    /// <summary>The classes, in column order.</summary>
    public LabelSet Labels { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => _logProbs.Length / Labels.Count;

    /// <summary>All log-probabilities (natural), row-major, <see cref="Count"/> x classes.</summary>
    public ReadOnlySpan<float> LogProbs => _logProbs;

    /// <summary>The log-probabilities (natural) of one row, in the order of <see cref="Labels"/>.</summary>
    public ReadOnlySpan<float> Row(int row) => _logProbs.AsSpan(row * Labels.Count, Labels.Count);

    /// <summary>The most probable class of a row; of equal ones the first, which decides between the classes an overlap model cannot tell apart.</summary>
    public int Argmax(int row)
    {
        var logProbs = Row(row);
        var best = 0;
        for (var label = 1; label < logProbs.Length; label++)
            if (logProbs[label] > logProbs[best])
                best = label;
        return best;
    }

    /// <summary>Share of rows, in [0, 1], whose argmax, mapped to the dataset's classes, is the label.</summary>
    /// <exception cref="ArgumentException">The set is not the one these predictions are of, or its map does not fit their classes.</exception>
    /// <exception cref="LabException">DatasetInvalid when the set has no rows.</exception>
    public double Accuracy(EvaluationSet set) => Share(Correct(set));

    /// <summary>Share of rows, in [0, 1], on which "probability of <paramref name="positiveClass"/> above 1/2" agrees with the label being that class.</summary>
    /// <remarks>What the two-class model itself decides; the argmax over three classes already prefers the positive class above 1/3.</remarks>
    /// <exception cref="ArgumentException">The set is not the one these predictions are of, or its map does not fit their classes.</exception>
    /// <exception cref="LabException">DatasetInvalid when the set has no rows.</exception>
    public double TwoClassAccuracy(EvaluationSet set, int positiveClass) => Share(TwoClassCorrect(set, positiveClass));

    /// <summary>Per row, whether its argmax, mapped to the dataset's classes, is the label.</summary>
    internal bool[] Correct(EvaluationSet set) => Rows(set, row => set.ModelToDataset[Argmax(row)] == set.Dataset.Examples[row].Label);

    /// <summary>Per row, whether "probability of the positive class above 1/2" agrees with the label being that class.</summary>
    internal bool[] TwoClassCorrect(EvaluationSet set, int positiveClass)
    {
        var logHalf = Math.Log(0.5);
        return Rows(set, row => Row(row)[positiveClass] > logHalf == (set.Dataset.Examples[row].Label == set.ModelToDataset[positiveClass]));
    }

    /// <summary>Refuses predictions of other data: throws unless they are of this dataset, row for row, over these classes.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public void Require(Dataset dataset, LabelSet labels)
    {
        if (DatasetSha256 != dataset.Sha256 || Count != dataset.Examples.Count || !Labels.Equals(labels))
            throw new LabException(ProblemCode.ArtifactCorrupt, $"The bias predictions are of {Count} rows of dataset {DatasetSha256} over {string.Join(", ", Labels.Names)}, not of {dataset.Examples.Count} rows of {dataset.Name} {dataset.Split} ({dataset.Sha256}) over {string.Join(", ", labels.Names)}. Make them again.");
    }

    /// <summary>What is wrong with a row of log-probabilities, or null.</summary>
    internal static string? FaultOf(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var logProb in row)
        {
            if (!float.IsFinite(logProb))
                return $"{logProb} is not a finite log-probability.";
            sum += Math.Exp(logProb);
        }
        return Math.Abs(sum - 1) <= SumTolerance ? null : $"the probabilities sum to {sum:g6}, not 1.";
    }

    private bool[] Rows(EvaluationSet set, Func<int, bool> isRight)
    {
        if (set.Dataset.Sha256 != DatasetSha256 || set.Dataset.Examples.Count != Count || set.ModelToDataset.Count != Labels.Count)
            throw new ArgumentException($"These predictions are of {Count} rows of {DatasetSha256}, not of {set.Dataset.Name} {set.Dataset.Split}.", nameof(set));
        if (Count == 0)
            throw new LabException(ProblemCode.DatasetInvalid, $"{set.Dataset.Name} {set.Dataset.Split} has no rows to score.");
        return [.. Enumerable.Range(0, Count).Select(isRight)];
    }

    private static double Share(bool[] right) => (double)right.Count(isRight => isRight) / right.Length;
}
