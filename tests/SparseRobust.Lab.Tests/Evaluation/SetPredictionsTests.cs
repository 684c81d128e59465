using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public sealed class SetPredictionsTests
{
    private static readonly float Ln2 = MathF.Log(2), Ln3 = MathF.Log(3), Ln4 = MathF.Log(4);

    private static SetPredictions Of(EvaluationSet set, LabelSet model, params float[] logits) => SetPredictions.Of(set, model, new Predictions(logits, model.Count));

    private static Dataset Data(LabelSet labels, params int[] gold) => new("set", "dev", labels, [.. gold.Select((label, row) => new Example($"{row}", "a", "b", label))], "sha");

    [Fact]
    public void Probabilities_and_loss_of_odds_1_3_4()
    {
        var set = Of(EvaluationSet.SameLabels(Data(LabelSet.ThreeWayNli, 1)), LabelSet.ThreeWayNli, 0, Ln3, Ln4);
        Assert.Equal([0.125, 0.375, 0.5], set.Probabilities(0).Select(p => Math.Round(p, 6)));
        Assert.Equal(0.5, set.Confidence(0), 6);
        Assert.Equal(-Math.Log(0.375), set.Loss(0), 6);
        Assert.Equal(set.Outputs.CrossEntropy(0, 1), set.Loss(0), 12);
    }

    [Fact]
    public void Classes_that_count_as_the_same_label_add_their_probabilities_in_the_loss()
    {
        // Contradiction 1/8, entailment 3/8, neutral 4/8: non-entailment has 5/8.
        var set = Of(EvaluationSet.ThreeToTwoWayNli(Data(LabelSet.TwoWayNli, 0, 1)), LabelSet.ThreeWayNli, 0, Ln3, Ln4, 0, Ln3, Ln4);
        Assert.Equal(-Math.Log(0.625), set.Loss(0), 6);
        Assert.Equal(-Math.Log(0.375), set.Loss(1), 6);
        Assert.Equal((true, false), (set.IsCorrect(0), set.IsCorrect(1)));
    }

    [Fact]
    public void A_loss_that_is_large_stays_finite_and_exact()
    {
        var set = Of(EvaluationSet.SameLabels(Data(LabelSet.TwoWayNli, 0)), LabelSet.TwoWayNli, 0, 2_000);
        Assert.Equal(2_000, set.Loss(0), 9);
    }

    [Fact]
    public void A_label_that_no_class_of_the_model_counts_as_is_infinitely_far()
    {
        var set = new SetPredictions("set", "dev", "sha", LabelSet.TwoWayNli, LabelSet.ThreeWayNli, [0, 1], new Predictions([Ln2, 0], 2), [2]);
        Assert.Equal(double.PositiveInfinity, set.Loss(0));
    }

    [Fact]
    public void The_loss_of_a_grade_is_its_squared_error() =>
        Assert.Equal(6.25, new SetPredictions("stsb", "dev", "sha", LabelSet.Regression, LabelSet.Regression, [0], new Predictions([1.5f], 1), [4]).Loss(0), 12);
}
