using SparseRobust.Lab.Bias;

namespace SparseRobust.Lab.Tests.Bias;

public class OverlapFeaturesTests
{
    [Fact]
    public void Names_are_in_column_order() => Assert.Equal(["h-is-subseq", "all-in-p", "percent-in-p", "log-len-diff"], OverlapFeatures.Names);

    [Theory]
    [InlineData("the doctor saw the lawyer", "The Doctor saw", 1, 1, 1.0, 2)]
    [InlineData("the doctor saw the lawyer", "the lawyer saw the doctor", 0, 1, 1.0, 1)]
    [InlineData("the doctor saw the lawyer", "the doctor slept", 0, 0, 2 / 3.0, 2)]
    [InlineData("the doctor", "the the the cat", 0, 0, 0.75, 1)]
    [InlineData("", "a cat", 0, 0, 0.0, 1)]
    [InlineData("a b c d", "", 0, 0, 0.0, 4)]
    [InlineData("a b c d", null, 0, 0, 0.0, 4)]
    [InlineData("", " ", 0, 0, 0.0, 1)]
    public void Features_of_a_pair(string p, string? h, double subsequence, double all, double percent, double lengthDifference)
    {
        var features = OverlapFeatures.Of(p, h);
        Assert.Equal([subsequence, all, percent, Math.Log(lengthDifference)], features);
    }

    [Fact]
    public void A_run_of_words_that_ends_inside_a_word_is_no_subsequence() => Assert.Equal(0, OverlapFeatures.Of("the cats sleep", "the cat")[0]);

    [Fact]
    public void Rows_of_a_dataset_follow_its_order()
    {
        var dataset = TinyBias.Dataset(("a b", "a", 1), ("a b c d", "z", 0));
        var matrix = OverlapFeatures.Of(dataset, CancellationToken.None);
        Assert.Equal(2, matrix.Rows);
        Assert.Equal([1, 1, 1, 0], matrix.Row(0).ToArray());
        Assert.Equal([0, 0, 0, Math.Log(3)], matrix.Row(1).ToArray());
    }
}
