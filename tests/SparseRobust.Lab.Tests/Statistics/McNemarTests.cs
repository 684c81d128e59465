using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Statistics;

public class McNemarTests
{
    [Fact]
    public void Both_tests_are_those_of_statsmodels()
    {
        foreach (var row in GoldenFile.Read("statistics", "comparisons.json").GetProperty("mcnemar").EnumerateArray())
        {
            var test = new McNemar(row.GetProperty("only_first").GetInt32(), row.GetProperty("only_second").GetInt32());
            Assert.Equal(row.GetProperty("exact").GetDouble(), test.ExactPValue, 1e-10);
            Assert.Equal(row.GetProperty("statistic").GetDouble(), test.ChiSquareStatistic, 1e-12);
            Assert.Equal(row.GetProperty("chi_square").GetDouble(), test.ChiSquarePValue, 1e-10);
        }
    }

    [Fact]
    public void Six_rows_all_of_one_model_by_hand()
    {
        // 2 / 2^6; (6 - 1)^2 / 6.
        var test = new McNemar(6, 0);
        Assert.Equal((0.03125, true), (Math.Round(test.PValue, 14), test.IsExact));
        Assert.Equal(25 / 6.0, test.ChiSquareStatistic, 1e-15);
    }

    [Fact]
    public void Only_rows_that_one_of_them_gets_right_count() =>
        Assert.Equal(new McNemar(2, 1), McNemar.Of([true, true, true, false, false, true], [true, false, false, true, false, true]));

    [Fact]
    public void From_25_discordant_rows_on_the_chi_square_test_speaks()
    {
        var (few, many) = (new McNemar(20, 4), new McNemar(20, 5));
        Assert.Equal((true, few.ExactPValue, false, many.ChiSquarePValue), (few.IsExact, few.PValue, many.IsExact, many.PValue));
    }

    [Fact]
    public void Equal_models_do_not_differ()
    {
        Assert.Equal((1, 1, 0), (new McNemar(0, 0).PValue, new McNemar(0, 0).ChiSquarePValue, new McNemar(0, 0).ChiSquareStatistic));
        Assert.Equal((1, 1), (new McNemar(4, 4).PValue, new McNemar(40, 40).PValue));
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new McNemar(-1, 3));
        Assert.Throws<ArgumentException>(() => McNemar.Of([true], []));
    }
}
