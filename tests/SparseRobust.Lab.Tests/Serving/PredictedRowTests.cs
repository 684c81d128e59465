using SparseRobust.Lab.Serving;

namespace SparseRobust.Lab.Tests.Serving;

public sealed class PredictedRowTests
{
    [Fact]
    public void Softmax_of_hand_numbers()
    {
        var probabilities = PredictedRow.Softmax([0, (float)Math.Log(3), float.NegativeInfinity]);
        Assert.Equal([0.25, 0.75, 0], probabilities, (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void Softmax_does_not_overflow_and_sums_to_one()
    {
        Assert.Equal([0.5, 0.5], PredictedRow.Softmax([1e30f, 1e30f]));
        Assert.Equal(1, PredictedRow.Softmax([-3.25f, 90, 88.5f, 1]).Sum(), 1e-15);
    }
}
