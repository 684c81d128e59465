using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunLabelTextTests
{
    [Fact]
    public void Tags_are_split_at_commas_and_blank_fields_are_none()
    {
        var (name, tags, notes) = new RunLabelText { Name = "  ", Tags = " paper, a b,,paper ", Notes = "one\r\ntwo" }.Values();

        Assert.Null(name);
        Assert.Equal(["paper", "a b"], tags);
        Assert.Equal("one\ntwo", notes);
    }
}
