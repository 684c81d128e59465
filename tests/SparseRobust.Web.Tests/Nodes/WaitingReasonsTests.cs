using SparseRobust.Web.Nodes;

namespace SparseRobust.Web.Tests.Nodes;

public sealed class WaitingReasonsTests
{
    [Theory]
    [InlineData(0, 1, "It is next: it begins when a worker is free.")]
    [InlineData(1, 2, "One run is before it.")]
    [InlineData(1234, 1, "1,234 runs are before it.")]
    public void A_waiting_run_says_how_many_are_before_it(int ahead, int workers, string reason) => Assert.Equal(reason, WaitingReasons.OfQueued(ahead, workers));

    [Fact]
    public void Without_a_worker_that_is_the_reason()
    {
        Assert.StartsWith("No worker is alive.", WaitingReasons.OfQueued(0, 0), StringComparison.Ordinal);
        Assert.Equal(WaitingReasons.OfQueued(3, 0), WaitingReasons.OfRecovering(0));
    }
}
