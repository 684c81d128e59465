using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class OverlapOnlyBaselineTests
{
    [Fact]
    public void Entailment_accuracy_is_the_strength_then_one_half_then_the_rest()
    {
        var scores = OverlapOnlyBaseline.Scores(new ShortcutNli(new ShortcutNliTask { TrainRows = 3000, EvaluationRows = 900 }).Generate(CancellationToken.None));
        Assert.Equal(["train", "dev", "ood", "ood-reversed"], scores.Select(score => score.Split));
        Assert.Equal([0.9, 0.9, 0.5, 0.1], scores.Select(score => Math.Round(score.EntailmentAccuracy, 12)));
    }

    [Fact]
    public void Three_way_accuracy_counts_the_commonest_low_label()
    {
        // High: entailment 0.9 of a third. Low: contradiction (first of two equally common) 0.9 of a third.
        var scores = OverlapOnlyBaseline.Scores(new ShortcutNli(new ShortcutNliTask { TrainRows = 3000, EvaluationRows = 900 }).Generate(CancellationToken.None));
        Assert.Equal(0.6, scores[1].Accuracy, 12);
        Assert.Equal(1.0 / 3, scores[2].Accuracy, 12);
        Assert.Equal(0.2 / 3, scores[3].Accuracy, 12);
    }

    [Theory]
    [InlineData("the helper called the farmer", "the farmer called the helper", true)]
    [InlineData("the helper called the farmer", "the farmer never called the helper", false)]
    [InlineData("the helper called the farmer", null, false)]
    public void High_overlap_means_every_word_occurs_in_the_first_text(string first, string? second, bool high) =>
        Assert.Equal(high, OverlapOnlyBaseline.HasHighOverlap(first, second));
}
