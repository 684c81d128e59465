using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class StudentTTests
{
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("statistics", "statistics.json");

    [Fact]
    public void Quantiles_are_those_of_mpmath()
    {
        foreach (var row in Golden.GetProperty("quantiles").EnumerateArray())
            AssertClose(row.GetProperty("t").GetDouble(), StudentT.Quantile(row.GetProperty("p").GetDouble(), row.GetProperty("df").GetDouble()));
    }

    [Fact]
    public void Tails_are_those_of_scipy()
    {
        foreach (var row in Golden.GetProperty("tails").EnumerateArray())
            AssertClose(row.GetProperty("tail").GetDouble(), StudentT.UpperTail(row.GetProperty("t").GetDouble(), row.GetProperty("df").GetDouble()));
    }

    [Theory]
    [InlineData(0.75, 1, 1)]
    [InlineData(0.25, 1, -1)]
    [InlineData(0.5, 3, 0)]
    public void Cauchy_quantiles_by_hand(double p, double df, double t) => Assert.Equal(t, StudentT.Quantile(p, df), 1e-12);

    [Fact]
    public void Two_degrees_of_freedom_by_hand() => Assert.Equal(0.95 / Math.Sqrt(2 * 0.975 * 0.025), StudentT.Quantile(0.975, 2), 1e-9);

    [Fact]
    public void Infinite_t_has_no_tail() => Assert.Equal((0, 1), (StudentT.UpperTail(double.PositiveInfinity, 3), StudentT.UpperTail(double.NegativeInfinity, 3)));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(double.NaN, 3)]
    [InlineData(0.5, 0)]
    [InlineData(0.5, double.NaN)]
    public void Nonsense_is_refused(double p, double df) => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(p, df));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 3.1780538303479458)]
    [InlineData(0.5, 0.57236494292470009)]
    public void Log_gamma_of_known_values(double x, double expected) => Assert.Equal(expected, GammaFunctions.LogGamma(x), 1e-13);

    private static void AssertClose(double expected, double actual) => Assert.InRange(Math.Abs(actual - expected), 0, 1e-9 * Math.Max(Math.Abs(expected), 1e-3));
}
