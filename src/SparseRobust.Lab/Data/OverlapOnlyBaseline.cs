namespace SparseRobust.Lab.Data;

/// <summary>What the overlap-only rule scores on one dataset.</summary>
/// <param name="Dataset">Dataset name.</param>
/// <param name="Split">Split name.</param>
/// <param name="Accuracy">Share of rows whose label the rule names, in [0, 1].</param>
/// <param name="EntailmentAccuracy">The same with all classes but entailment counted as one, in [0, 1].</param>
/// <param name="N">Rows.</param>
public sealed record OverlapOnlyScore(string Dataset, string Split, double Accuracy, double EntailmentAccuracy, int N);

/// <summary>
/// The best rule that looks at nothing but whether every word of the second text occurs in the first: for each of the two answers, the
/// training rows' commonest label. What a model must beat to have learned more than the shortcut.
/// </summary>
/// <remarks>Words are what white space separates, compared exactly. Thread-safe.</remarks>
public sealed class OverlapOnlyBaseline
{
    private readonly int _highLabel;
    private readonly int _lowLabel;

    private OverlapOnlyBaseline(int highLabel, int lowLabel) => (_highLabel, _lowLabel) = (highLabel, lowLabel);

    /// <summary>Fits the rule on train and scores it on train, dev and every out-of-distribution set with the model's own classes, in this order.</summary>
    public static IReadOnlyList<OverlapOnlyScore> Scores(TaskData data)
    {
        var rule = Fit(data.Train);
        return [.. data.OutOfDistribution.Select(set => set.Dataset).Where(set => set.Labels.Equals(data.Train.Labels))
            .Prepend(data.Dev).Prepend(data.Train).Select(rule.Score)];
    }

    /// <summary>Fits the rule. Of equally common labels the first is taken.</summary>
    public static OverlapOnlyBaseline Fit(Dataset train)
    {
        var high = new int[train.Labels.Count];
        var low = new int[train.Labels.Count];
        foreach (var example in train.Examples)
            (HasHighOverlap(example.FirstText, example.SecondText) ? high : low)[example.Label]++;
        return new OverlapOnlyBaseline(Array.IndexOf(high, high.Max()), Array.IndexOf(low, low.Max()));
    }

    /// <summary>Scores the rule on a dataset with the classes it was fitted on, entailment among them.</summary>
    /// <exception cref="Errors.LabException">DatasetInvalid when there is no class entailment.</exception>
    public OverlapOnlyScore Score(Dataset dataset)
    {
        var entailment = dataset.Labels.Require("entailment");
        int right = 0, rightTwoWay = 0;
        foreach (var example in dataset.Examples)
        {
            var answer = HasHighOverlap(example.FirstText, example.SecondText) ? _highLabel : _lowLabel;
            right += answer == example.Label ? 1 : 0;
            rightTwoWay += (answer == entailment) == (example.Label == entailment) ? 1 : 0;
        }
        var rows = Math.Max(dataset.Examples.Count, 1);
        return new OverlapOnlyScore(dataset.Name, dataset.Split, (double)right / rows, (double)rightTwoWay / rows, dataset.Examples.Count);
    }

    /// <summary>Whether every word of the second text occurs in the first. False when there is no second text.</summary>
    public static bool HasHighOverlap(string first, string? second)
    {
        if (second is null)
            return false;
        var words = first.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return second.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).All(word => words.Contains(word, StringComparer.Ordinal));
    }
}
