using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class MeanSquaredErrorTests
{
    /// <summary>z = (2, .5, -1), y = (2.5, 0, 4): (.25 + .25 + 25) / 3.</summary>
    [Fact]
    public void Loss_has_the_worked_value() =>
        Assert.Equal(8.5, new WorkedExample { Logits = new[,] { { 2 }, { .5 }, { -1 } } }.Value(new MeanSquaredErrorSpec()), WorkedExample.Tolerance);

    [Fact]
    public void Loss_is_0_at_the_targets() =>
        Assert.Equal(0, new WorkedExample { Logits = new[,] { { 2.5 }, { 0 }, { 4 } } }.Value(new MeanSquaredErrorSpec()));
}
