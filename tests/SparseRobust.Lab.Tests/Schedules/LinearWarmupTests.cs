using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Tests.Schedules;

public class LinearWarmupTests
{
    private static readonly Budget TenSteps = new(10, 5);

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.5)]
    [InlineData(3, 1.0)]
    [InlineData(7, 0.5)]
    [InlineData(10, 0.125)]
    public void Factor_rises_over_the_warmup_and_falls_to_zero_after_the_last_update(int step, double expected) =>
        Assert.Equal(expected, LinearWarmup.Factor(new Step(step, TenSteps), 2), 12);

    [Fact]
    public void A_warmup_below_one_is_a_share_of_the_total() =>
        Assert.Equal(LinearWarmup.Factor(new Step(4, TenSteps), 3), LinearWarmup.Factor(new Step(4, TenSteps), 0.3), 12);

    [Fact]
    public void Without_warmup_the_first_update_has_the_full_rate() =>
        Assert.Equal(1, LinearWarmup.Factor(new Step(1, TenSteps), 0));

    [Theory]
    [InlineData(392_702, 3, 36_816)]
    [InlineData(392_702, 5, 61_360)]
    [InlineData(363_849, 7, 79_597)]
    [InlineData(242_911, 3, 22_773)]
    public void Budgets_are_those_of_the_paper(int rows, double epochs, int steps)
    {
        // methods.md 2.1: MNLI 36,816 = 3 x 12,272; QQP 79,597 = 7 x 11,371; FEVER 22,773 = 3 x 7,591.
        var budget = Budget.Of(rows, 32, epochs);
        Assert.Equal(steps, budget.TotalSteps);
    }
}
