using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Tests.Optim;

public sealed class LearningRateTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SGD _optimizer = SGD([new Parameter(zeros([1]))], 0.8);

    public void Dispose()
    {
        _optimizer.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Step_rate_falls_after_each_period() =>
        Rates([0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1], lr_scheduler.StepLR(_optimizer, 2, 0.5));

    [Fact]
    public void Linear_rate_goes_in_equal_steps_and_stays() =>
        Rates([0.2, 0.35, 0.5, 0.65, 0.8, 0.8, 0.8], lr_scheduler.LinearLR(_optimizer, 0.25, 1, 4));

    [Fact]
    public void Linear_rate_starts_at_a_third_and_takes_five_steps_by_default() =>
        Rates([0.8 / 3, 0.8 * 7 / 15, 0.8 * 9 / 15, 0.8 * 11 / 15, 0.8 * 13 / 15, 0.8, 0.8], lr_scheduler.LinearLR(_optimizer));

    [Fact]
    public void Lambda_rate_is_the_initial_rate_times_the_factor() =>
        Rates([0.8, 0.4, 0.2, 0.1], lr_scheduler.LambdaLR(_optimizer, step => Math.Pow(2, -step)));

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => lr_scheduler.StepLR(_optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => lr_scheduler.LinearLR(_optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => lr_scheduler.LinearLR(_optimizer, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => lr_scheduler.LinearLR(_optimizer, 1, -0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => lr_scheduler.LinearLR(_optimizer, 1, 0, 0));
    }

    private void Rates(double[] expected, lr_scheduler.LRScheduler scheduler)
    {
        foreach (var rate in expected)
        {
            Assert.Equal(rate, Assert.Single(_optimizer.ParamGroups).LearningRate, 1e-15);
            Assert.Equal(rate, Assert.Single(scheduler.get_last_lr()), 1e-15);
            scheduler.step();
        }
    }
}
