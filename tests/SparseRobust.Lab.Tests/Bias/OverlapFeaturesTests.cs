using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Bias;

public class OverlapFeaturesTests
{
    [Fact]
    public void Names_are_in_column_order() => Assert.Equal(["h-is-subseq", "all-in-p", "percent-in-p", "log-len-diff"], TinyBias.Features.Names);

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
        var features = TinyBias.Features.Of(p, h);
        Assert.Equal([subsequence, all, percent, Math.Log(lengthDifference)], features);
    }

    [DataFact]
    public void On_MNLI_they_are_those_of_NLTKs_words()
    {
        var golden = GoldenFile.Read("bias", "mnli_features.json").GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray()).ToList();
        var rows = Mnli.DevMatched.Load(DatasetFolders.FromEnvironment([]), CancellationToken.None).Examples;
        Assert.Equal(1000, golden.Count);
        Assert.All(golden.Zip(rows), pair =>
        {
            var (isRun, all, shared, h, p) = (pair.First[0], pair.First[1], pair.First[2], pair.First[3], pair.First[4]);
            Assert.Equal([isRun, all, (double)shared / Math.Max(h, 1), Math.Log(Math.Max(p - h, 1))], TinyBias.Features.Of(pair.Second.FirstText, pair.Second.SecondText));
        });
    }

    [Fact]
    public void A_run_of_words_that_ends_inside_a_word_is_no_subsequence() => Assert.Equal(0, TinyBias.Features.Of("the cats sleep", "the cat")[0]);

    [Fact]
    public void Rows_of_a_dataset_follow_its_order()
    {
        var dataset = TinyBias.Dataset(("a b", "a", 1), ("a b c d", "z", 0));
        var matrix = TinyBias.Features.Of(dataset, CancellationToken.None);
        Assert.Equal(2, matrix.Rows);
        Assert.Equal([1, 1, 1, 0], matrix.Row(0).ToArray());
        Assert.Equal([0, 0, 0, Math.Log(3)], matrix.Row(1).ToArray());
    }

    [Theory]
    // Largest cosines of "cat fox": 1 and 0.8; "owl" has no vector but counts in len(h).
    [InlineData("the cat dog", "cat fox owl", new[] { 0, 0, 1 / 3.0, 1.8 / 3, 0.8, 0, 1 })]
    // One vector alone: no second smallest.
    [InlineData("dog", "fox", new[] { 0, 0, 0, 0.8, 0.8, 0, 0 })]
    // Nothing in p, or nothing in h, has a vector.
    [InlineData("owl", "cat", new[] { 0, 0, 0, 0.0, 0, 0, 0 })]
    [InlineData("cat", "owl", new[] { 0, 0, 0, 0.0, 0, 0, 0 })]
    public void Similarities_by_hand(string p, string h, double[] expected)
    {
        var features = new OverlapFeatures(OverlapFeatureSet.AllSeven, Vectors()).Of(p, h);
        Assert.Equal(expected, features, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(expected[..5], new OverlapFeatures(OverlapFeatureSet.PaperFive, Vectors()).Of(p, h), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void The_papers_five_without_vectors_are_three() =>
        Assert.Equal(["h-is-subseq", "all-in-p", "percent-in-p"], new OverlapFeatures(OverlapFeatureSet.PaperFive, null).Names);

    [Fact]
    public void All_seven_are_in_the_order_of_the_methods() => Assert.Equal(
        ["h-is-subseq", "all-in-p", "percent-in-p", "average-sim", "min-similarity", "log-len-diff", "min2-similarity"], new OverlapFeatures(OverlapFeatureSet.AllSeven, Vectors()).Names);

    private static WordVectors Vectors()
    {
        var vectors = new WordVectors("test", new BiasSource("", [], ""), 2, new HashSet<string> { "the", "cat", "dog", "fox", "owl" });
        vectors.Add("cat", [1, 0]);
        vectors.Add("dog", [0, 1]);
        vectors.Add("fox", [0.6f, 0.8f]);
        return vectors;
    }
}
