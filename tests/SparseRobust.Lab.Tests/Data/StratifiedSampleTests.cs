using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class StratifiedSampleTests
{
    private static readonly Dataset Whole = Make(1000);

    [Fact]
    public void Strata_keep_their_shares_to_within_one_row()
    {
        var sample = StratifiedSample.Take(Whole, 137);
        Assert.Equal(137, sample.Examples.Count);
        foreach (var stratum in Whole.Examples.GroupBy(Stratum))
            Assert.InRange(sample.Examples.Count(row => Stratum(row) == stratum.Key), stratum.Count() * 137 / 1000, (stratum.Count() * 137 / 1000) + 1);
    }

    [Fact]
    public void The_sample_is_in_file_order_without_repeats_and_the_same_for_all_time()
    {
        var ids = StratifiedSample.Take(Whole, 10).Examples.Select(row => int.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.Equal("2 42 148 208 418 423 430 468 499 934", string.Join(' ', ids));
    }

    [Fact]
    public void The_sample_is_still_named_and_hashed_as_the_whole()
    {
        var sample = StratifiedSample.Take(Whole, 10);
        Assert.Equal((Whole.Name, Whole.Split, Whole.Sha256, Whole.PublishedRows), (sample.Name, sample.Split, sample.Sha256, sample.PublishedRows));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1200)]
    public void A_set_no_larger_than_the_sample_is_returned_itself(int rows) => Assert.Same(Whole, StratifiedSample.Take(Whole, rows));

    [Fact]
    public void A_sample_of_no_rows_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSample.Take(Whole, 0));

    private static (int, string) Stratum(Example row) => (row.Label, row.Slices.GetValueOrDefault("heuristic", ""));

    private static Dataset Make(int rows) => new("made", "ood", LabelSet.TwoWayNli,
        [.. Enumerable.Range(0, rows).Select(i => new Example($"{i}", "a", "b", i % 3 == 0 ? 1 : 0) { Slices = new Dictionary<string, string> { ["heuristic"] = i % 7 < 5 ? "x" : "y" } })],
        "cafe") { PublishedRows = 30_000 };
}
