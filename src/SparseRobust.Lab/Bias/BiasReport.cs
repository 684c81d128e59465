using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Bias;

/// <summary>How well the bias alone does, in distribution and out: high in and low out is what makes it a bias.</summary>
/// <param name="Fit">The fitted model.</param>
/// <param name="Scores">
/// Per set (train, dev, then each out-of-distribution set; train alone when the model knows no other rows), with n rows, values in [0, 1]; train is out of fold when
/// the fit has folds.
/// <list type="bullet">
/// <item>"accuracy": the argmax over the model's classes, mapped to the set's; over all rows and over those of each gold label (slice "label=NAME").</item>
/// <item>"majority_accuracy": share of the set's most frequent class, which the best constant answer reaches.</item>
/// <item>"balanced_accuracy": mean of the accuracies on each gold label that has rows; every constant answer reaches 1 / (labels that have rows). Agrees with
/// scikit-learn's balanced_accuracy_score. The measure for a model fitted with balanced classes, which gives up accuracy for it.</item>
/// </list>
/// And where the task has a positive class (entailment, duplicate), told from the rest:
/// <list type="bullet">
/// <item>"two_class_accuracy": positive at a probability above 1/2; over all rows and over those of each gold label. On the labels where the bias misleads (HANS's
/// non-entailment, PAWS's not-duplicate) 0 means that the bias misleads in every row.</item>
/// <item>"two_class_majority_accuracy": what the better constant answer reaches.</item>
/// <item>"two_class_balanced_accuracy": mean of the accuracies on positive and other rows; a constant answer reaches 1/2.</item>
/// <item>"two_class_auc": area under the ROC curve of the positive class's probability (<see cref="RocAuc"/>): 1/2 is chance, below it the bias ranks the wrong way
/// round. Needs no threshold, so neither class weights nor class shares move it.</item>
/// </list>
/// The last two only where rows of both kinds are there. "vector_coverage" is the share of tokens with a word vector, where there are vectors.
/// </param>
public sealed record BiasReport(BiasFit Fit, IReadOnlyList<Score> Scores)
{
    private const string All = "all";

    /// <summary>Scores a fitted bias model on a task's sets.</summary>
    internal static BiasReport Of(BiasModel model, TaskData data, CancellationToken cancellation) => Of(model, data, Predict(model, data, cancellation));

    /// <summary>As the other, with the predictions that <see cref="Predict"/> gave.</summary>
    internal static BiasReport Of(BiasModel model, TaskData data, IReadOnlyList<(EvaluationSet Set, BiasPredictions Predictions)> evaluated) =>
        new(model.Fit, [.. ScoresOf(model, model.OfTrainingSet, EvaluationSet.SameLabels(data.Train)), .. evaluated.SelectMany(each => ScoresOf(model, each.Predictions, each.Set))]);

    /// <summary>The predictions for dev and each out-of-distribution set, in this order; none when the model knows the training rows only.</summary>
    internal static IReadOnlyList<(EvaluationSet Set, BiasPredictions Predictions)> Predict(BiasModel model, TaskData data, CancellationToken cancellation) =>
        [.. from set in data.OutOfDistribution.Prepend(EvaluationSet.SameLabels(data.Dev))
            let predictions = model.Predict(set.Dataset, cancellation)
            where predictions is not null
            select (set, predictions)];

    private static IEnumerable<Score> ScoresOf(BiasModel model, BiasPredictions predictions, EvaluationSet set)
    {
        var data = set.Dataset;
        IEnumerable<(string Slice, string Metric, double? Value, int N)> values = OfAllClasses(predictions, set);
        if (model.PositiveClass is { } positive)
            values = values.Concat(OfTwoClasses(predictions, set, positive));
        values = values.Append((All, "vector_coverage", model.VectorCoverage(data), predictions.Count));
        return from score in values
               where score.Value is not null
               select new Score(data.Name, data.Split, score.Slice, score.Metric, score.Value!.Value, score.N, data.Sha256, Sampled: false);
    }

    private static IEnumerable<(string Slice, string Metric, double? Value, int N)> OfAllClasses(BiasPredictions predictions, EvaluationSet set)
    {
        var (labels, n) = (set.Dataset.LabelCounts(), predictions.Count);
        var right = predictions.Correct(set);
        var ofLabels = OfLabels(set.Dataset, right).ToList();
        yield return (All, "accuracy", Share(right), n);
        yield return (All, "majority_accuracy", labels.Max() / (double)n, n);
        yield return (All, "balanced_accuracy", ofLabels.Average(label => label.Accuracy), n);
        foreach (var (name, accuracy, rows) in ofLabels)
            yield return (name, "accuracy", accuracy, rows);
    }

    private static IEnumerable<(string Slice, string Metric, double? Value, int N)> OfTwoClasses(BiasPredictions predictions, EvaluationSet set, int positiveClass)
    {
        var n = predictions.Count;
        var right = predictions.TwoClassCorrect(set, positiveClass);
        bool[] positive = [.. set.Dataset.Examples.Select(example => example.Label == set.ModelToDataset[positiveClass])];
        var halves = right.Zip(positive).GroupBy(row => row.Second, row => row.First).Select(Share).ToList();
        var positives = positive.Count(isPositive => isPositive);
        double[] probabilities = [.. Enumerable.Range(0, n).Select(row => (double)predictions.Row(row)[positiveClass])];
        yield return (All, "two_class_accuracy", Share(right), n);
        yield return (All, "two_class_majority_accuracy", Math.Max(positives, n - positives) / (double)n, n);
        yield return (All, "two_class_balanced_accuracy", halves.Count == 2 ? halves.Average() : null, n);
        yield return (All, "two_class_auc", RocAuc.Of(probabilities, positive), n);
        foreach (var (name, accuracy, rows) in OfLabels(set.Dataset, right))
            yield return (name, "two_class_accuracy", accuracy, rows);
    }

    // In the order of the labels' ids; none for a label without rows.
    private static IEnumerable<(string Name, double Accuracy, int N)> OfLabels(Dataset data, bool[] right) =>
        from row in Enumerable.Range(0, right.Length)
        group right[row] by data.Examples[row].Label into label
        orderby label.Key
        select ($"label={data.Labels.Names[label.Key]}", Share(label), label.Count());

    private static double Share(IEnumerable<bool> right) => right.Average(isRight => isRight ? 1.0 : 0);
}
