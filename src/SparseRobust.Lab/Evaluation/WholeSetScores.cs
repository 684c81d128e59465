using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Evaluation;

/// <summary>The metrics over all rows of a set, by the kind of its labels, in the order in which scores list them.</summary>
internal static class WholeSetScores
{
    /// <summary>Names and values; a value that is undefined (over no rows, a correlation with a constant) is left out.</summary>
    /// <remarks>
    /// Classes: accuracy (0 over no rows); loss, the mean cross-entropy in nats, where the model's classes are the dataset's; f1_positive, f1_negative and f1_weighted where
    /// one of two classes is the positive one; matthews where the classes are the dataset's; ece. All but loss and ece are over the argmax mapped to the dataset's classes.
    /// Grades: pearson, spearman, pearson_spearman_mean, and loss, the mean squared error.
    /// A loss that is not finite is given: it says that the model has diverged.
    /// </remarks>
    /// <exception cref="LabException">DatasetInvalid when a row of a graded set has no grade.</exception>
    public static IEnumerable<(string Metric, double Value)> Of(EvaluationSet set, Predictions predictions) =>
        (set.Dataset.Labels.IsRegression ? OfGrades(set.Dataset, predictions) : OfClasses(set, predictions))
        .Where(score => score.Value is not null).Select(score => (score.Metric, score.Value!.Value));

    /// <summary>Each row's predicted class in the dataset: argmax first, then the map.</summary>
    public static int[] PredictedClasses(EvaluationSet set, Predictions predictions) =>
        [.. Enumerable.Range(0, predictions.Count).Select(i => set.ModelToDataset[predictions.Argmax(i)])];

    private static IEnumerable<(string Metric, double? Value)> OfClasses(EvaluationSet set, Predictions predictions)
    {
        var (examples, labels) = (set.Dataset.Examples, set.Dataset.Labels);
        var matrix = ConfusionMatrix.Of(PredictedClasses(set, predictions), [.. examples.Select(example => example.Label)], labels.Count);
        var hasOwnClasses = set.ModelToDataset.SequenceEqual(Enumerable.Range(0, labels.Count));
        yield return ("accuracy", Accuracy.Of(matrix) ?? 0);
        if (hasOwnClasses)
            yield return ("loss", Mean(examples, (example, i) => predictions.CrossEntropy(i, example.Label)));
        if (labels is { Count: 2, PositiveClass: { } positive })
        {
            yield return ("f1_positive", F1.OfClass(matrix, positive));
            yield return ("f1_negative", F1.OfClass(matrix, 1 - positive));
            yield return ("f1_weighted", F1.Weighted(matrix));
        }
        if (hasOwnClasses)
            yield return ("matthews", Matthews.Of(matrix));
        yield return ("ece", ExpectedCalibrationError(set, predictions));
    }

    private static IEnumerable<(string Metric, double? Value)> OfGrades(Dataset dataset, Predictions predictions)
    {
        double[] predicted = [.. predictions.Logits];
        double[] gold = [.. dataset.Examples.Select(example => GradeOf(example, dataset))];
        var (pearson, spearman) = (Correlation.Pearson(predicted, gold), Correlation.Spearman(predicted, gold));
        yield return ("pearson", pearson);
        yield return ("spearman", spearman);
        yield return ("pearson_spearman_mean", (pearson + spearman) / 2);
        yield return ("loss", Mean(gold, (grade, i) => (predicted[i] - grade) * (predicted[i] - grade)));
    }

    /// <summary>ECE over the dataset's classes: a class's probability is the sum over the model's classes that count as it, and the prediction is the class with the largest sum.</summary>
    /// <remarks>After a merge that prediction may differ from accuracy's, which takes the argmax first: the confidence must be that of the class it speaks of.</remarks>
    private static double? ExpectedCalibrationError(EvaluationSet set, Predictions predictions)
    {
        var confidences = new double[predictions.Count];
        var correct = new bool[predictions.Count];
        // One more for the model's classes that are none of the dataset's.
        var sums = new double[set.Dataset.Labels.Count + 1];
        Span<double> probabilities = new double[predictions.Classes];
        for (var i = 0; i < correct.Length; i++)
        {
            predictions.Probabilities(i, probabilities);
            Array.Clear(sums);
            for (var c = 0; c < probabilities.Length; c++)
                sums[set.ModelToDataset[c] is >= 0 and var mapped ? mapped : ^1] += probabilities[c];
            // Max passes over what is no number, and a softmax has none or only such.
            confidences[i] = double.IsNaN(probabilities[0]) ? double.NaN : sums.Max();
            correct[i] = Array.IndexOf(sums, confidences[i]) == set.Dataset.Examples[i].Label;
        }
        return CalibrationError.Of(confidences, correct);
    }

    private static double GradeOf(Example example, Dataset dataset) =>
        example.Target ?? throw new LabException(ProblemCode.DatasetInvalid, $"{dataset.Name} {dataset.Split}, row \"{example.Id}\" has no grade to score against.");

    private static double? Mean<T>(IReadOnlyList<T> rows, Func<T, int, double> valueOf) => rows.Count == 0 ? null : rows.Select(valueOf).Average();
}
