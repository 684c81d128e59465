using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class ProductOfExpertsTests
{
    private static readonly WorkedExample Example = new();

    [Fact]
    public void Loss_has_the_worked_value()
    {
        Assert.Equal(2.1139134, Example.Value(new ProductOfExpertsSpec()), WorkedExample.Tolerance);
        Assert.Equal(2.1139134f, Example.ValueInSinglePrecision(new ProductOfExpertsSpec()), 1e-5f);
    }

    [Fact]
    public void Loss_equals_cross_entropy_when_the_bias_is_uniform() =>
        Assert.Equal(Example.Value(new CrossEntropySpec()), (Example with { Bias = WorkedExample.Uniform }).Value(new ProductOfExpertsSpec()), WorkedExample.Tolerance);
}
