using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Tests.Shell;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1,023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(438_000_000, "418 MiB")]
    public void Bytes_have_binary_units(long count, string text) => Assert.Equal(text, Words.Bytes(count));

    [Theory]
    [InlineData(5.26, "5.3 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(93_600, "26 h 0 min")]
    public void Durations_have_two_units_at_most(double seconds, string text) => Assert.Equal(text, Words.Duration(TimeSpan.FromSeconds(seconds)));
}
