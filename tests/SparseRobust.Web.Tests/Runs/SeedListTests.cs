using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class SeedListTests
{
    [Theory]
    [InlineData("1", new long[] { 1 })]
    [InlineData(" 3, 1 ,2", new long[] { 3, 1, 2 })]
    [InlineData("1-4", new long[] { 1, 2, 3, 4 })]
    [InlineData("0, 5-6, 6", new long[] { 0, 5, 6 })]
    [InlineData("7 8", new long[] { 7, 8 })]
    [InlineData("2147483647", new long[] { 2147483647 })]
    [InlineData("", new long[] { })]
    [InlineData(null, new long[] { })]
    public void Seeds_are_listed_or_given_as_ranges(string? text, long[] seeds) => Assert.Equal(seeds, SeedList.Parse(text));

    [Theory]
    [InlineData("one")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("4-1")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    public void What_is_no_seed_is_refused_with_its_text(string text)
    {
        var problem = Assert.Throws<Problem>(() => SeedList.Parse("3, " + text));

        var fault = Assert.Single(problem.Faults);
        Assert.Equal("$.seeds", fault.Path);
        Assert.Contains($"\"{text}\"", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-2147483647")]
    [InlineData("1-6000, 10001-16000")]
    public void More_seeds_than_runs_may_be_launched_are_refused(string text) => Assert.Throws<Problem>(() => SeedList.Parse(text));

    [Theory]
    [InlineData(new long[] { 1, 2, 3, 4 }, "1-4")]
    [InlineData(new long[] { 2, 1 }, "1, 2")]
    [InlineData(new long[] { 9, 1, 2, 3, 7 }, "1-3, 7, 9")]
    [InlineData(new long[] { }, "")]
    public void Seeds_are_written_in_order_and_rows_of_them_as_ranges(long[] seeds, string text) => Assert.Equal(text, SeedList.Write(seeds));

    [Fact]
    public void What_is_written_is_read_again()
    {
        long[] seeds = [1, 2, 3, 5, 8, 9, 13];

        Assert.Equal(seeds, SeedList.Parse(SeedList.Write(seeds)));
    }
}
