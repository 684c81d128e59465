using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Bias;

/// <summary>The numbers that show a bias, by hand.</summary>
public class BiasReportTests
{
    // Labels: contradiction 0, entailment 1, neutral 2.
    private static readonly Dataset Train = Set("train", LabelSet.ThreeWayNli, 1, 1, 0, 2);
    private static readonly double[][] OfTrain = [[.1, .8, .1], [.3, .4, .3], [.2, .6, .2], [.3, .1, .6]];

    // Labels: non-entailment 0, entailment 1.
    private static readonly Dataset Hans = Set("hans", LabelSet.TwoWayNli, 0, 0, 1);
    private static readonly double[][] OfHans = [[.1, .8, .1], [.4, .3, .3], [.1, .8, .1]];

    [Fact]
    public void All_classes_by_hand()
    {
        // argmax entailment, entailment, entailment, neutral: right but for the third row.
        Assert.Equal(
            [("all", "accuracy", .75, 4), ("all", "majority_accuracy", .5, 4), ("all", "balanced_accuracy", 2 / 3.0, 4), ("label=contradiction", "accuracy", 0, 1), ("label=entailment", "accuracy", 1, 2), ("label=neutral", "accuracy", 1, 1)],
            Report("train", positiveClass: null));
    }

    [Fact]
    public void Two_classes_by_hand()
    {
        // Over one half: first and third row, of which the third is no entailment; the second is one. Pairs for the area: 0.8 beats 0.6 and 0.1, 0.4 beats 0.1.
        Assert.Equal(
            [("all", "two_class_accuracy", .5, 4), ("all", "two_class_majority_accuracy", .5, 4), ("all", "two_class_balanced_accuracy", .5, 4), ("all", "two_class_auc", .75, 4), ("label=contradiction", "two_class_accuracy", 0, 1), ("label=entailment", "two_class_accuracy", .5, 2), ("label=neutral", "two_class_accuracy", 1, 1)],
            Report("train", positiveClass: 1).Skip(6));
    }

    [Fact]
    public void Merged_classes_by_hand()
    {
        // Over one half: first and third row. 0.8 ties with 0.8 and beats 0.3.
        Assert.Equal(
            [("all", "two_class_accuracy", 2 / 3.0, 3), ("all", "two_class_majority_accuracy", 2 / 3.0, 3), ("all", "two_class_balanced_accuracy", .75, 3), ("all", "two_class_auc", .75, 3), ("label=non-entailment", "two_class_accuracy", .5, 2), ("label=entailment", "two_class_accuracy", 1, 1)],
            Report("hans", positiveClass: 1).Skip(5));
    }

    [Fact]
    public void A_set_without_positive_rows_has_no_area_and_no_mean_over_both()
    {
        var data = Set("train", LabelSet.ThreeWayNli, 0, 2, 0, 2);
        var model = new Fixed(1, Of(data, OfTrain));
        Assert.DoesNotContain(BiasReport.Of(model, new TaskData(data, data, []), CancellationToken.None).Scores, score => score.Metric is "two_class_auc" or "two_class_balanced_accuracy");
    }

    private static IEnumerable<(string Slice, string Metric, double Value, int N)> Report(string name, int? positiveClass)
    {
        var model = new Fixed(positiveClass, Of(Train, OfTrain), Of(Hans, OfHans));
        return from score in BiasReport.Of(model, new TaskData(Train, Train with { Split = "dev" }, [EvaluationSet.ThreeToTwoWayNli(Hans)]), CancellationToken.None).Scores
               where score.Dataset == name && score.Split == "train"
               select (score.Slice, score.Metric, score.Value, score.N);
    }

    private static Dataset Set(string name, LabelSet labels, params int[] rows) =>
        new(name, "train", labels, [.. rows.Select((label, i) => new Example($"{i}", "a", "b", label))], name);

    private static BiasPredictions Of(Dataset data, double[][] probabilities) =>
        new(data.Sha256, LabelSet.ThreeWayNli, [.. probabilities.SelectMany(row => row).Select(p => (float)Math.Log(p))]);

    private sealed class Fixed(int? positiveClass, params BiasPredictions[] sets) : BiasModel
    {
        public override BiasFit Fit { get; } = new ImportedFit("sha", [], false, 0, 0);

        public override int? PositiveClass => positiveClass;

        public override BiasPredictions OfTrainingSet => sets[0];

        public override BiasPredictions Predict(Dataset dataset, CancellationToken cancellation) => sets.Single(set => set.DatasetSha256 == dataset.Sha256);
    }
}
