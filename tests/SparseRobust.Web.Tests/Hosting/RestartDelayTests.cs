using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class RestartDelayTests
{
    private readonly RestartDelay _delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private double[] After(params double[] lived) => [.. lived.Select(seconds => _delay.After(TimeSpan.FromSeconds(seconds)).TotalSeconds)];

    [Fact]
    public void Early_deaths_double_the_delay_up_to_the_longest() => Assert.Equal([1, 2, 4, 8, 16, 30, 30], After(0, 1, 9.9, 3, 3, 3, 3));

    [Fact]
    public void A_life_of_half_a_minute_keeps_the_delay() => Assert.Equal([1, 2, 2, 2, 4], After(1, 30, 10, 1, 1));

    [Fact]
    public void A_minute_of_life_resets_the_delay() => Assert.Equal([1, 2, 4, 1, 1, 2], After(1, 1, 1, 60, 5, 5));
}
