using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Tests.Schedules;

public class BudgetTests
{
    private static readonly Budget Whole = new(100, 40);

    [Fact]
    public void In_a_tenth_the_learning_rate_falls_from_its_peak_by_a_tenth_and_epochs_go_on()
    {
        var third = Whole.Tenth(2);
        Assert.Equal((10, 20), (third.TotalSteps, third.StepsBefore));
        Assert.Equal((1, 0.91), (LinearWarmup.Factor(new Step(1, third), 0), LinearWarmup.Factor(new Step(10, third), 0)));
        var last = new Step(10, third);
        Assert.Equal((true, 30, 0.75, 0.3), (last.IsLast, last.Overall, last.Epoch, last.Progress));
    }

    [Fact]
    public void A_training_shorter_than_ten_updates_counts_as_ten() =>
        Assert.Equal(new Budget(1, 15) { Horizon = 10, StepsBefore = 4 }, new Budget(3, 15).Tenth(4));

    [Fact]
    public void A_whole_is_its_own_part() => Assert.Equal(new Budget(100, 40) { Horizon = 100, StepsBefore = 0 }, Whole);
}
