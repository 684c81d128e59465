using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Evaluation;

public class CorrelationTests
{
    [Fact]
    public void Pearson_and_Spearman_are_those_of_scipy()
    {
        foreach (var golden in GoldenFile.Read("metrics", "metrics.json").GetProperty("correlation").EnumerateArray())
        {
            var (x, y) = (golden.Doubles("x"), golden.Doubles("y"));
            Assert.Equal(golden.GetProperty("pearson").GetDouble(), Correlation.Pearson(x, y)!.Value, 1e-12);
            Assert.Equal(golden.GetProperty("spearman").GetDouble(), Correlation.Spearman(x, y)!.Value, 1e-12);
        }
    }

    [Fact]
    public void Three_pairs_by_hand()
    {
        // Deviations (-1, 0, 1) and (-4/3, -1/3, 5/3): 3 / sqrt(2 * 42/9).
        Assert.Equal(3 / Math.Sqrt(2 * 42 / 9.0), Correlation.Pearson([1, 2, 3], [1, 2, 4])!.Value, 1e-15);
        Assert.Equal(1, Correlation.Spearman([1, 2, 3], [1, 2, 4])!.Value, 1e-15);
    }

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 1.0 }, new[] { 2.0 })]
    [InlineData(new[] { 0.1, 0.1, 0.1 }, new[] { 1.0, 2, 3 })]
    [InlineData(new[] { 1.0, 2, double.NaN }, new[] { 1.0, 2, 3 })]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 1.0, 2, double.PositiveInfinity })]
    public void Too_few_pairs_constants_and_what_is_not_finite_have_none(double[] x, double[] y)
    {
        Assert.Null(Correlation.Pearson(x, y));
        Assert.Null(Correlation.Spearman(x, y));
    }

    [Fact]
    public void Unequal_lengths_are_refused() => Assert.Throws<ArgumentException>(() => Correlation.Spearman([1, 2], [1]));
}
