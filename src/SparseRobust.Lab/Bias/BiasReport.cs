using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Bias;

/// <summary>How well the bias alone does, in distribution and out: high in and low out is what makes it a bias.</summary>
/// <param name="Fit">The fitted model.</param>
/// <param name="Scores">Two scores per set (train, dev, then each out-of-distribution set), with n: "accuracy" is the argmax over the model's classes
/// mapped to the set's; "two_class_accuracy" is the positive class at probability 1/2 against the rest. Values in [0, 1]; train is out of fold
/// when the fit has folds.</param>
public sealed record BiasReport(BiasFit Fit, IReadOnlyList<Score> Scores)
{
    /// <summary>Scores a fitted bias model on a task's sets.</summary>
    internal static BiasReport Of(BiasModel model, TaskData data, CancellationToken cancellation)
    {
        var train = EvaluationSet.SameLabels(data.Train);
        List<Score> scores = [.. ScoresOf(model.OfTrainingSet, train, model.PositiveClass)];
        foreach (var set in data.OutOfDistribution.Prepend(EvaluationSet.SameLabels(data.Dev)))
            scores.AddRange(ScoresOf(model.Predict(set.Dataset, cancellation), set, model.PositiveClass));
        return new BiasReport(model.Fit, scores);
    }

    private static IEnumerable<Score> ScoresOf(BiasPredictions predictions, EvaluationSet set, int positiveClass)
    {
        Score Named(string metric, double value) => new(set.Dataset.Name, set.Dataset.Split, "all", metric, value, predictions.Count, set.Dataset.Sha256, Sampled: false);
        yield return Named("accuracy", predictions.Accuracy(set));
        yield return Named("two_class_accuracy", predictions.TwoClassAccuracy(set, positiveClass));
    }
}
