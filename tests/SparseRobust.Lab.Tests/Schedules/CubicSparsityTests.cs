using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Tests.Schedules;

public class CubicSparsityTests
{
    // Computed by hand from the formula of Win-win Deal, sec. 5.2, with s_i = 0.7 and s_f = 0.9.
    [Theory]
    [InlineData(7, 1, 0.7740525)]
    [InlineData(7, 2.5, 0.8468659)]
    [InlineData(7, 3.5, 0.875)]
    [InlineData(7, 4.9, 0.8946)]
    [InlineData(7, 6, 0.8994169)]
    [InlineData(5, 1, 0.7976)]
    [InlineData(5, 2.5, 0.875)]
    [InlineData(5, 4, 0.8984)]
    public void It_rises_by_the_cube(int epochs, double epoch, double expected) =>
        Assert.Equal(expected, new CubicSparsity().At(At(epoch, epochs), 0.9), 7);

    [Fact]
    public void Ends_are_exact_and_it_rests_outside_them()
    {
        var schedule = new CubicSparsity { From = 0.25, To = 0.75 };
        Assert.Equal([0.7, 0.7, 0.9, 0.9], new[] { 1.0, 2.5, 7.5, 10 }.Select(epoch => schedule.At(At(epoch, 10), 0.9)));
        Assert.Equal(0.875, schedule.At(At(5, 10), 0.9), 12);
    }

    private static Step At(double epoch, int epochs) => new((int)Math.Round(epoch * 1000), new Budget(epochs * 1000, 1000));
}
