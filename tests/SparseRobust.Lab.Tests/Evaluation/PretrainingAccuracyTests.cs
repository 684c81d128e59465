using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public class PretrainingAccuracyTests
{
    [Fact]
    public void Only_masked_positions_count() =>
        Assert.Equal(2 / 3.0, PretrainingAccuracy.MaskedTokens([5, 6, 7, 8, 9], [5, -100, 7, 9, -100]));

    [Fact]
    public void Without_masked_positions_there_is_no_accuracy()
    {
        Assert.Null(PretrainingAccuracy.MaskedTokens([5, 6], [-100, -100]));
        Assert.Null(PretrainingAccuracy.NextSentence(new Predictions([], 2), []));
    }

    [Fact]
    public void Next_sentences_are_two_classes_of_which_the_first_wins_a_tie()
    {
        Assert.Equal(0.75, PretrainingAccuracy.NextSentence(new Predictions([1, 2, 2, 1, 0, 0, 0, 1], 2), [1, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => PretrainingAccuracy.NextSentence(new Predictions([1, 2, 3], 3), [1]));
    }

    [Fact]
    public void Unequal_lengths_are_refused() => Assert.Throws<ArgumentException>(() => PretrainingAccuracy.MaskedTokens([1, 2], [1]));
}
