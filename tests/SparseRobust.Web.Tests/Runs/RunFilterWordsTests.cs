using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunFilterWordsTests
{
    [Theory]
    [InlineData("state:running  seed:1", new[] { "state:running", "seed:1" })]
    [InlineData("tag:\"second try\" tiny", new[] { "tag:\"second try\"", "tiny" })]
    [InlineData("tag:\"never closed", new[] { "tag:\"never closed" })]
    [InlineData("  ", new string[] { })]
    [InlineData(null, new string[] { })]
    public void Spaces_part_words_but_not_within_quotes(string? filter, string[] words) => Assert.Equal(words, RunList.Words(filter));
}
