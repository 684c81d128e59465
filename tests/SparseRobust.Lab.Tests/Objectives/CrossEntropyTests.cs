using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class CrossEntropyTests
{
    [Fact]
    public void Loss_has_the_worked_value()
    {
        Assert.Equal(1.7697127, new WorkedExample().Value(new CrossEntropySpec()), WorkedExample.Tolerance);
        Assert.Equal(1.7697127f, new WorkedExample().ValueInSinglePrecision(new CrossEntropySpec()), 1e-5f);
    }
}
