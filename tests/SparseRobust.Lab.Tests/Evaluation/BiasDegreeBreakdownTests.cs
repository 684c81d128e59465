using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public class BiasDegreeBreakdownTests
{
    private static readonly Dataset Hans = new("hans", "evaluation", LabelSet.TwoWayNli, [.. Enumerable.Range(0, 4).Select(i => new Example($"{i}", "a", "b", i % 2))], "sha");

    [Fact]
    public void The_bias_degree_is_the_probability_of_all_that_counts_as_the_gold_label()
    {
        // Labels 0 1 0 1 (entailment is class 1 of both): beta 0.3 + 0.2, 0.8, 0.1 + 0, 0.25.
        var bias = Of("sha", [.3, .5, .2], [.1, .8, .1], [.1, .89999, .00001], [.25, .25, .5]);
        Assert.Equal(
            [("bias_degree=q1_0.1_to_0.1", 0.0, 1), ("bias_degree=q2_0.25_to_0.25", 0.0, 1), ("bias_degree=q3_0.5_to_0.5", 1.0, 1), ("bias_degree=q4_0.8_to_0.8", 1.0, 1)],
            BiasDegreeBreakdown.Slices(EvaluationSet.ThreeToTwoWayNli(Hans), [true, true, false, false], bias));
    }

    [Fact]
    public void Predictions_of_other_rows_or_classes_are_refused()
    {
        bool[] correct = [true, true, true, true];
        var set = EvaluationSet.ThreeToTwoWayNli(Hans);
        Assert.Throws<ArgumentException>(() => BiasDegreeBreakdown.Slices(set, correct, Of("sha", [.3, .5, .2])));
        Assert.Throws<ArgumentException>(() => BiasDegreeBreakdown.Slices(set, correct, Of("other", [.3, .5, .2], [.3, .5, .2], [.3, .5, .2], [.3, .5, .2])));
        Assert.Throws<ArgumentException>(() => BiasDegreeBreakdown.Slices(EvaluationSet.SameLabels(Hans), correct, Of("sha", [.3, .5, .2], [.3, .5, .2], [.3, .5, .2], [.3, .5, .2])));
    }

    private static BiasPredictions Of(string sha256, params double[][] probabilities) =>
        new(sha256, LabelSet.ThreeWayNli, [.. probabilities.SelectMany(row => row).Select(p => (float)Math.Log(p))]);
}
