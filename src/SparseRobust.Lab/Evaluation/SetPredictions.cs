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

    /// <summary>Joins a set and a model's outputs on it.</summary>
    internal static SetPredictions Of(EvaluationSet set, LabelSet modelLabels, Predictions outputs)
    {
        var data = set.Dataset;
        return new(
            data.Name, data.Split, data.Sha256, modelLabels, data.Labels, set.ModelToDataset, outputs,
            [.. data.Examples.Select(example => data.Labels.IsRegression ? example.Target!.Value : example.Label)]);
    }
}
