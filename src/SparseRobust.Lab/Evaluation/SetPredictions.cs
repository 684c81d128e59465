using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Evaluation;

/// <summary>A model's outputs on one evaluated set, with the gold labels: what is needed to judge it row by row without the texts.</summary>
/// <param name="Dataset">Dataset name: mnli, hans.</param>
/// <param name="Split">Split name.</param>
/// <param name="Sha256">Identity of the dataset; its row i is row i here.</param>
/// <param name="ModelLabels">The model's classes, in the order of the logits.</param>
/// <param name="DatasetLabels">The dataset's classes, in the order of its label ids.</param>
/// <param name="ModelToDataset">For each class of the model, the class of the dataset it counts as; -1 where it is none of them, which is always wrong.</param>
/// <param name="Outputs">Logits, or the one output of a regression, row by row.</param>
/// <param name="Gold">The label id of each row; in a regression its target.</param>
public sealed record SetPredictions(
    string Dataset, string Split, string Sha256, LabelSet ModelLabels, LabelSet DatasetLabels, IReadOnlyList<int> ModelToDataset, Predictions Outputs, IReadOnlyList<float> Gold)
{
    /// <summary>How many rows there are.</summary>
    public int Count => Outputs.Count;

    /// <summary>The predicted class of a row, as an id of the dataset's labels, or -1: the argmax over the model's classes first, then the map.</summary>
    public int Predicted(int row) => ModelToDataset[Outputs.Argmax(row)];

    /// <summary>Whether the predicted class of a row is its label. Of a classification only.</summary>
    public bool IsCorrect(int row) => Predicted(row) == (int)Gold[row];

    /// <summary>Correctness row by row, for paired tests between two models.</summary>
    public IReadOnlyList<bool> Correct() => [.. Enumerable.Range(0, Count).Select(IsCorrect)];

    /// <summary>softmax of a row's logits, in the order of <see cref="ModelLabels"/>. Of a classification only.</summary>
    public double[] Probabilities(int row)
    {
        var probabilities = new double[Outputs.Classes];
        Outputs.Probabilities(row, probabilities);
        return probabilities;
    }

    /// <summary>The largest probability among the model's classes, in [1/classes, 1]. Of a classification only.</summary>
    public double Confidence(int row) => Probabilities(row).Max();

    /// <summary>How far the model is from a row's label: -log of the probability of all its classes that count as the label, in nats; in a regression the squared error.</summary>
    /// <remarks>Where model and dataset have the same classes this is the cross-entropy. Infinite when no class of the model counts as the label.</remarks>
    public double Loss(int row)
    {
        if (DatasetLabels.IsRegression)
            return Math.Pow(Outputs.Row(row)[0] - (double)Gold[row], 2);
        var logits = Outputs.Row(row).ToArray();
        return LogSumExp(logits) - LogSumExp(logits.Where((_, c) => ModelToDataset[c] == (int)Gold[row]));
    }

    private static double LogSumExp(IEnumerable<float> logits)
    {
        double max = logits.DefaultIfEmpty(float.NegativeInfinity).Max();
        return double.IsNegativeInfinity(max) ? max : max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
    }

    /// <summary>Joins a set and a model's outputs on it.</summary>
    internal static SetPredictions Of(EvaluationSet set, LabelSet modelLabels, Predictions outputs)
    {
        var data = set.Dataset;
        return new(
            data.Name, data.Split, data.Sha256, modelLabels, data.Labels, set.ModelToDataset, outputs,
            [.. data.Examples.Select(example => data.Labels.IsRegression ? example.Target!.Value : example.Label)]);
    }
}
