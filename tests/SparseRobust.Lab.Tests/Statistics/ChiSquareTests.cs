using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class ChiSquareTests
{
    [Fact]
    public void Tails_are_those_of_scipy()
    {
        foreach (var row in GoldenFile.Read("statistics", "comparisons.json").GetProperty("chi_square").EnumerateArray())
        {
            var tail = row.GetProperty("tail").GetDouble();
            Assert.Equal(tail, ChiSquare.UpperTail(row.GetProperty("x").GetDouble(), row.GetProperty("df").GetDouble()), 1e-10 * tail);
        }
    }

    [Fact]
    public void Two_degrees_of_freedom_by_hand() => Assert.Equal(Math.Exp(-3.7), ChiSquare.UpperTail(7.4, 2), 1e-14);

    [Fact]
    public void Ends_of_the_range() => Assert.Equal((1, 1, 0), (ChiSquare.UpperTail(0, 3), ChiSquare.UpperTail(-1, 3), ChiSquare.UpperTail(double.PositiveInfinity, 3)));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, 1)]
    public void Nonsense_is_refused(double x, double df) => Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquare.UpperTail(x, df));
}
