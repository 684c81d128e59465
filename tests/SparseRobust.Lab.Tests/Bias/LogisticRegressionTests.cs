using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Bias;

public class LogisticRegressionTests
{
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("bias", "logistic.json");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_is_that_of_scikit_learns_liblinear(int index)
    {
        var golden = Golden.GetProperty("fits")[index];
        var (x, y) = FormulaData();
        Assert.Equal(Golden.GetProperty("positives").GetInt32(), y.Count(positive => positive));
        var options = new LogisticRegressionOptions { C = golden.GetProperty("c").GetDouble(), BalancedClasses = golden.GetProperty("balanced").GetBoolean() };
        var model = LogisticRegression.Fit(x, y, options, CancellationToken.None);
        var probabilities = golden.Doubles("probabilities");
        for (var i = 0; i < probabilities.Length; i++)
            Assert.Equal(probabilities[i], Math.Exp(model.LogProbabilities(x.Row(i)).Positive), 1e-6);
        Assert.All(golden.Doubles("coefficients").Zip(model.Coefficients), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(golden.GetProperty("intercept").GetDouble(), model.Intercept, 1e-5);
        Assert.InRange(model.Iterations, 1, 20);
        Assert.InRange(model.GradientNorm, 0, 1e-6);
    }

    [Fact]
    public void Gradient_and_hessian_are_the_differences_of_value_and_gradient()
    {
        var (x, y) = FormulaData();
        var loss = new LogisticLoss(x, y, [.. y.Select((_, i) => 0.5 + i % 3)]);
        double[] weights = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2];
        var at = loss.At(weights);
        for (var j = 0; j < weights.Length; j++)
        {
            var (up, down) = ((double[])weights.Clone(), (double[])weights.Clone());
            (up[j], down[j]) = (up[j] + 1e-5, down[j] - 1e-5);
            var (above, below) = (loss.At(up), loss.At(down));
            Assert.Equal((above.Value - below.Value) / 2e-5, at.Gradient[j], 1e-5);
            for (var k = 0; k <= j; k++)
                Assert.Equal((above.Gradient[k] - below.Gradient[k]) / 2e-5, at.Hessian[j, k], 1e-5);
        }
    }

    [Fact]
    public void One_feature_by_hand()
    {
        // x = +1 for the positive row, -1 for the negative one: b = 0 by symmetry, and w solves w = 2 C / (1 + exp(w)).
        var model = LogisticRegression.Fit(new FeatureMatrix(1, [1, -1]), [true, false], new LogisticRegressionOptions { C = 1 }, CancellationToken.None);
        var w = model.Coefficients[0];
        Assert.Equal(0, model.Intercept, 1e-12);
        Assert.Equal(2 / (1 + Math.Exp(w)), w, 1e-9);
    }

    [Fact]
    public void Separable_rows_and_columns_without_variance_have_a_finite_fit()
    {
        var model = LogisticRegression.Fit(new FeatureMatrix(2, [0, 0, 1, 0, 5, 0, 9, 0]), [false, false, true, true], new LogisticRegressionOptions { C = 1e6 }, CancellationToken.None);
        Assert.Equal(0, model.Coefficients[1]);
        Assert.True(double.IsFinite(model.Coefficients[0]) && model.LogOdds([9, 0]) > 0 && model.LogOdds([0, 0]) < 0);
    }

    [Fact]
    public void Log_probabilities_stay_finite_where_probabilities_round_to_zero()
    {
        var model = LogisticRegression.Fit(new FeatureMatrix(1, [1, -1]), [true, false], new LogisticRegressionOptions(), CancellationToken.None);
        var (negative, positive) = model.LogProbabilities([1e6]);
        Assert.True(double.IsFinite(negative) && negative < -1e5);
        Assert.Equal(0, positive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_of_one_class_are_refused(bool positive)
    {
        var fault = Assert.Throws<LabException>(() => LogisticRegression.Fit(new FeatureMatrix(1, [1, 2]), [positive, positive], new LogisticRegressionOptions(), CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, fault.Code);
    }

    [Fact]
    public void A_fit_cut_short_is_a_fault()
    {
        var (x, y) = FormulaData();
        var fault = Assert.Throws<LabException>(() => LogisticRegression.Fit(x, y, new LogisticRegressionOptions { MaximumIterations = 1 }, CancellationToken.None));
        Assert.Equal(ProblemCode.TrainingDiverged, fault.Code);
    }

    // As tests/Fixtures/bias/make_logistic.py.
    private static (FeatureMatrix X, bool[] Positive) FormulaData()
    {
        double[] Row(int i) => [i % 7 / 6.0, i % 3 == 0 ? 1 : 0, i * 37 % 101 / 100.0, 0.5, Math.Log(1 + i % 11)];
        var rows = Enumerable.Range(0, 200).ToArray();
        return (new FeatureMatrix(5, [.. rows.SelectMany(Row)]), [.. rows.Select(i => (i * i + 3 * i) % 17 < 5 + 4 * Row(i)[1])]);
    }
}
