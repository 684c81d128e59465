using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public class WholeSetScoresTests
{
    [Fact]
    public void Three_classes_have_accuracy_loss_Matthews_and_calibration() =>
        Assert.Equal(["accuracy", "loss", "matthews", "ece"], Names(EvaluationSet.SameLabels(Classes(LabelSet.ThreeWayNli, 0, 1, 2)), Zeros(3, 3)));

    [Fact]
    public void Two_classes_one_of_which_is_positive_have_F1_too() =>
        Assert.Equal(["accuracy", "loss", "f1_positive", "f1_negative", "f1_weighted", "matthews", "ece"], Names(EvaluationSet.SameLabels(Classes(LabelSet.Paraphrase, 0, 1)), Zeros(2, 2)));

    [Fact]
    public void Two_classes_none_of_which_is_positive_have_no_F1() =>
        Assert.Equal(["accuracy", "loss", "matthews", "ece"], Names(EvaluationSet.SameLabels(Classes(new LabelSet(["false", "true"]), 0, 1)), Zeros(2, 2)));

    [Fact]
    public void Merged_classes_have_F1_over_the_mapped_argmax_and_calibration_over_the_sums()
    {
        var set = EvaluationSet.ThreeToTwoWayNli(Classes(LabelSet.TwoWayNli, 0, 1, 1, 0));
        // Probabilities (0.3, 0.4, 0.3): argmax entailment, yet 0.6 for non-entailment. Then entailment for sure, entailment for sure, neutral for sure.
        float[] logits = [MathF.Log(0.3f), MathF.Log(0.4f), MathF.Log(0.3f), -99, 99, -99, -99, 99, -99, -99, -99, 99];
        var scores = WholeSetScores.Of(set, new Predictions(logits, 3)).ToDictionary();
        Assert.Equal(["accuracy", "f1_positive", "f1_negative", "f1_weighted", "ece"], scores.Keys);
        Assert.Equal((0.75, 4 / 5.0, 2 / 3.0), (scores["accuracy"], scores["f1_positive"], scores["f1_negative"]));
        Assert.Equal((4 / 5.0 + 2 / 3.0) / 2, scores["f1_weighted"], 1e-15);
        // The first row is right with confidence 0.6; the others are right with confidence 1.
        Assert.Equal(0.4 / 4, scores["ece"], 1e-7);
    }

    [Fact]
    public void A_class_of_the_model_that_is_none_of_the_datasets_is_wrong()
    {
        var set = new EvaluationSet(Classes(LabelSet.TwoWayNli, 0, 1), [0, 1, -1]);
        var scores = WholeSetScores.Of(set, new Predictions([0, 0, 99, 0, 99, 0], 3)).ToDictionary();
        Assert.Equal((0.5, 1), (scores["accuracy"], scores["f1_positive"]));
        Assert.Equal(0.5, scores["ece"], 1e-12);
    }

    [Fact]
    public void Grades_have_correlations_and_the_mean_squared_error()
    {
        var scores = WholeSetScores.Of(EvaluationSet.SameLabels(Grades(1, 2, 4)), new Predictions([1, 2, 3], 1)).ToList();
        Assert.Equal(["pearson", "spearman", "pearson_spearman_mean", "loss"], scores.Select(score => score.Metric));
        var pearson = 3 / Math.Sqrt(2 * 42 / 9.0);
        double[] expected = [pearson, 1, (pearson + 1) / 2, 1 / 3.0];
        Assert.Equal(expected, scores.Select(score => score.Value), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_model_that_always_says_the_same_grade_has_only_a_loss() =>
        Assert.Equal([("loss", 1.0)], WholeSetScores.Of(EvaluationSet.SameLabels(Grades(1, 3)), new Predictions([2, 2], 1)));

    [Fact]
    public void A_graded_set_has_no_accuracy_of_slices()
    {
        var dataset = Grades(1, 2, 4);
        Assert.Equal(["all"], Evaluator.ScoreInFull(EvaluationSet.SameLabels(dataset), new Predictions([1, 2, 3], 1)).Select(score => score.Slice).Distinct());
    }

    [Fact]
    public void A_row_without_grade_is_named()
    {
        var dataset = new Dataset("sts-b", "dev", LabelSet.Regression, [new Example("17", "a", "b", 0)], "sha");
        var thrown = Assert.Throws<LabException>(() => WholeSetScores.Of(EvaluationSet.SameLabels(dataset), new Predictions([1], 1)).ToList());
        Assert.Equal(ProblemCode.DatasetInvalid, thrown.Code);
        Assert.Contains("\"17\"", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_no_rows_there_is_an_accuracy_of_0_and_nothing_else()
    {
        Assert.Equal([("accuracy", 0.0)], WholeSetScores.Of(EvaluationSet.SameLabels(Classes(LabelSet.Paraphrase)), new Predictions([], 2)));
        Assert.Empty(WholeSetScores.Of(EvaluationSet.SameLabels(Grades()), new Predictions([], 1)));
    }

    [Fact]
    public void A_model_that_has_diverged_has_a_loss_that_says_so_and_no_other_number_that_is_none()
    {
        var set = EvaluationSet.SameLabels(Classes(LabelSet.Paraphrase, 0, 1));
        var scores = WholeSetScores.Of(set, new Predictions([float.NaN, float.NaN, float.NaN, float.NaN], 2)).ToDictionary();
        Assert.Equal(["accuracy", "loss", "f1_positive", "f1_negative", "f1_weighted", "matthews"], scores.Keys);
        Assert.Equal(["loss"], scores.Where(score => !double.IsFinite(score.Value)).Select(score => score.Key));
    }

    private static List<string> Names(EvaluationSet set, Predictions predictions) => [.. WholeSetScores.Of(set, predictions).Select(score => score.Metric)];

    private static Predictions Zeros(int rows, int classes) => new(new float[rows * classes], classes);

    private static Dataset Classes(LabelSet labels, params int[] gold) => new("d", "dev", labels, [.. gold.Select((label, i) => new Example($"{i}", "a", "b", label))], "sha");

    private static Dataset Grades(params float[] gold) =>
        new("sts-b", "dev", LabelSet.Regression, [.. gold.Select((grade, i) => new Example($"{i}", "a", "b", 0) { Target = grade })], "sha");
}
