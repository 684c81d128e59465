using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Bias;

/// <summary>How well the bias alone does, in distribution and out: high in and low out is what makes it a bias.</summary>
/// <param name="Fit">The fitted model.</param>
/// <param name="Scores">Per set (train, dev, then each out-of-distribution set; train alone when the model knows no other rows), with n rows:
/// "accuracy" is the argmax over the model's classes mapped to the set's; "majority_accuracy" is the share of the set's most frequent class, which the
/// best constant answer reaches; "two_class_accuracy" is the positive class at probability 1/2 against the rest and "two_class_majority_accuracy" what the
/// better constant answer reaches there, where the task has a positive class (entailment, duplicate); "vector_coverage" is the share of tokens with a
/// word vector, where there are vectors. Values in [0, 1]; train is out of fold when the fit has folds.</param>
public sealed record BiasReport(BiasFit Fit, IReadOnlyList<Score> Scores)
{
    /// <summary>Scores a fitted bias model on a task's sets.</summary>
    internal static BiasReport Of(BiasModel model, TaskData data, CancellationToken cancellation)
    {
        List<Score> scores = [.. ScoresOf(model, model.OfTrainingSet, EvaluationSet.SameLabels(data.Train))];
        foreach (var set in data.OutOfDistribution.Prepend(EvaluationSet.SameLabels(data.Dev)))
            if (model.Predict(set.Dataset, cancellation) is { } predictions)
                scores.AddRange(ScoresOf(model, predictions, set));
        return new BiasReport(model.Fit, scores);
    }

    private static IEnumerable<Score> ScoresOf(BiasModel model, BiasPredictions predictions, EvaluationSet set)
    {
        var data = set.Dataset;
        Score Named(string metric, double value) => new(data.Name, data.Split, "all", metric, value, predictions.Count, data.Sha256, Sampled: false);
        yield return Named("accuracy", predictions.Accuracy(set));
        yield return Named("majority_accuracy", data.LabelCounts().Max() / (double)predictions.Count);
        if (model.PositiveClass is { } positive)
        {
            var ofPositive = data.LabelCounts()[set.ModelToDataset[positive]];
            yield return Named("two_class_accuracy", predictions.TwoClassAccuracy(set, positive));
            yield return Named("two_class_majority_accuracy", Math.Max(ofPositive, predictions.Count - ofPositive) / (double)predictions.Count);
        }
        if (model.VectorCoverage(data) is { } coverage)
            yield return Named("vector_coverage", coverage);
    }
}
