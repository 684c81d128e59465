using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunLabelTextTests
{
    [Fact]
    public void Tags_are_split_at_commas_and_blank_fields_take_their_label_away()
    {
        var change = new RunLabelText { Name = "  ", Tags = " paper, a b,,paper ", Notes = "one\r\ntwo" }.Change();

        Assert.Equal("", change.Name);
        Assert.Equal(["paper", "a b"], change.Tags!);
        Assert.Equal("one\ntwo", change.Notes);
    }
}
