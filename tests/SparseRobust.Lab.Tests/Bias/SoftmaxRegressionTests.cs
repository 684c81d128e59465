using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Bias;

public class SoftmaxRegressionTests
{
    private const int GoldenRows = 240;
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("bias", "softmax.json");
    private static readonly int[] Labels = [.. Enumerable.Range(0, GoldenRows).Select(LabelOf)];
    private static readonly int[] All = [.. Enumerable.Range(0, GoldenRows)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Fit_is_scikit_learns_minimum(int index)
    {
        var golden = Golden.GetProperty("fits")[index];
        Assert.Equal(Golden.Doubles("counts"), Enumerable.Range(0, 3).Select(label => (double)Labels.Count(l => l == label)));
        FeatureRows x = golden.GetProperty("features").GetString() == "dense" ? Dense() : Words();
        var options = new LogisticRegressionOptions { C = golden.GetProperty("c").GetDouble(), BalancedClasses = golden.GetProperty("balanced").GetBoolean() };
        var model = SoftmaxRegression.Fit(x, All, Labels, 3, options, CancellationToken.None);
        var rows = golden.GetProperty("probabilities").EnumerateArray().ToArray();
        for (var i = 0; i < rows.Length; i++)
            for (var k = 0; k < 3; k++)
                Assert.Equal(rows[i][k].GetDouble(), Math.Exp(LogProbs(model, x, i)[k]), 1e-6);
        Assert.Equal(0, model.Intercepts.Sum(), 1e-9);
    }

    [Fact]
    public void Gradient_is_the_difference_of_the_values()
    {
        foreach (FeatureRows x in (FeatureRows[])[Dense(), Words()])
        {
            var loss = new SoftmaxLoss(x, All, Labels, [.. All.Select(i => 0.5 + i % 3)], 3);
            double[] weights = [.. Enumerable.Range(0, loss.Size).Select(j => 0.3 * Math.Sin(j))];
            var at = loss.At(weights);
            for (var j = 0; j < weights.Length; j++)
            {
                var (up, down) = ((double[])weights.Clone(), (double[])weights.Clone());
                (up[j], down[j]) = (up[j] + 1e-5, down[j] - 1e-5);
                Assert.Equal((loss.At(up).Value - loss.At(down).Value) / 2e-5, at.Gradient[j], 1e-5);
            }
        }
    }

    [Fact]
    public void Sparse_rows_give_the_fit_of_the_same_rows_written_densely()
    {
        var dense = new DenseRows(12, [.. All.SelectMany(i => Enumerable.Range(0, 12).Select(j => i % (j + 2) == 0 ? 1f : 0f))]);
        var options = new LogisticRegressionOptions();
        var (a, b) = (SoftmaxRegression.Fit(dense, All, Labels, 3, options, CancellationToken.None), SoftmaxRegression.Fit(Words(), All, Labels, 3, options, CancellationToken.None));
        foreach (var row in All)
            Assert.All(LogProbs(a, dense, row).Zip(LogProbs(b, Words(), row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Two_classes_are_the_binary_fit_at_twice_the_weight()
    {
        // One symmetric feature, so that b = 0 with or without a penalty on it.
        var binary = LogisticRegression.Fit(new FeatureMatrix(1, [1, -1]), [true, false], new LogisticRegressionOptions { C = 2 }, CancellationToken.None);
        var softmax = SoftmaxRegression.Fit(new DenseRows(1, [1, -1]), [0, 1], [1, 0], 2, new LogisticRegressionOptions { C = 1 }, CancellationToken.None);
        Assert.Equal(binary.Coefficients[0], softmax.Coefficients[1][0] - softmax.Coefficients[0][0], 1e-8);
    }

    [Fact]
    public void Without_features_that_tell_anything_the_predictions_are_the_shares_of_the_classes()
    {
        int[] labels = [0, 0, 0, 1, 1, 2];
        var x = new DenseRows(1, new float[6]);
        var model = SoftmaxRegression.Fit(x, [0, 1, 2, 3, 4, 5], labels, 3, new LogisticRegressionOptions { BalancedClasses = false }, CancellationToken.None);
        Assert.Equal([.5, 1 / 3.0, 1 / 6.0], LogProbs(model, x, 0).Select(logProb => Math.Exp(logProb)), (a, b) => Math.Abs(a - b) < 1e-6);
        var balanced = SoftmaxRegression.Fit(x, [0, 1, 2, 3, 4, 5], labels, 3, new LogisticRegressionOptions(), CancellationToken.None);
        Assert.All(LogProbs(balanced, x, 0), logProb => Assert.Equal(1 / 3.0, Math.Exp(logProb), 1e-6));
    }

    [Fact]
    public void A_class_without_rows_gets_one_part_in_rows_plus_one()
    {
        var x = new DenseRows(1, [1, -1, 1, -1]);
        var model = SoftmaxRegression.Fit(x, [0, 1, 2, 3], [0, 2, 0, 2], 3, new LogisticRegressionOptions(), CancellationToken.None);
        var probabilities = LogProbs(model, x, 0).Select(logProb => Math.Exp(logProb)).ToArray();
        Assert.Equal(1 / 5.0, probabilities[1], 1e-6);
        Assert.Equal(1, probabilities.Sum(), 1e-6);
        Assert.Empty(model.Coefficients[1]);
    }

    [Fact]
    public void Rows_outside_the_fit_have_no_part_in_it()
    {
        int[] rows = [.. All.Where(row => row % 5 != 2)];
        int[] poisoned = [.. All.Select(row => row % 5 == 2 ? (Labels[row] + 1) % 3 : Labels[row])];
        var (a, b) = (Fit(rows, Labels), Fit(rows, poisoned));
        Assert.Equal(a.Coefficients[1], b.Coefficients[1]);
        Assert.NotEqual(a.Coefficients[1], Fit(All, poisoned).Coefficients[1]);

        static SoftmaxRegression Fit(int[] rows, int[] labels) => SoftmaxRegression.Fit(Dense(), rows, labels, 3, new LogisticRegressionOptions(), CancellationToken.None);
    }

    [Fact]
    public void A_fit_with_features_of_very_different_sizes_converges()
    {
        var random = SplitMix64.From(7);
        var x = new DenseRows(3, [.. Enumerable.Range(0, 500).SelectMany(_ => (float[])[(float)random.NextDouble() * 1e3f, (float)random.NextDouble() * 1e-2f, 5 + (float)random.NextDouble()])]);
        int[] labels = [.. Enumerable.Range(0, 500).Select(_ => random.Next(3))];
        var model = SoftmaxRegression.Fit(x, [.. Enumerable.Range(0, 500)], labels, 3, new LogisticRegressionOptions(), CancellationToken.None);
        Assert.InRange(model.Iterations, 1, 100);
    }

    [Fact]
    public void One_class_alone_is_refused() => Assert.Equal(
        ProblemCode.DatasetInvalid,
        Assert.Throws<LabException>(() => SoftmaxRegression.Fit(new DenseRows(1, [1, 2]), [0, 1], [1, 1], 3, new LogisticRegressionOptions(), CancellationToken.None)).Code);

    [Fact]
    public void A_fit_cut_short_is_a_fault() => Assert.Equal(
        ProblemCode.TrainingDiverged,
        Assert.Throws<LabException>(() => SoftmaxRegression.Fit(Dense(), All, Labels, 3, new LogisticRegressionOptions { MaximumIterations = 1 }, CancellationToken.None)).Code);

    private static float[] LogProbs(SoftmaxRegression model, FeatureRows x, int row)
    {
        var logProbs = new float[3];
        model.LogProbabilities(x, row, logProbs);
        return logProbs;
    }

    // As tests/Fixtures/bias/make_softmax.py.
    private static DenseRows Dense() => new(4, [.. All.SelectMany(Features)]);

    private static float[] Features(int i) => [i % 7 / 8f, i % 3 == 0 ? 1 : 0, i * 37 % 101 / 128f, i % 11 / 4f - 1];

    private static SparseRows Words()
    {
        int[][] rows = [.. All.Select(i => Enumerable.Range(0, 12).Where(j => i % (j + 2) == 0).ToArray())];
        var starts = new int[GoldenRows + 1];
        for (var i = 0; i < GoldenRows; i++)
            starts[i + 1] = starts[i] + rows[i].Length;
        return new SparseRows(12, starts, [.. rows.SelectMany(row => row)]);
    }

    private static int LabelOf(int i) => (i * i + 3 * i) % 17 < 5 + 4 * Features(i)[1] ? 0 : i % 5 < 3 ? 1 : 2;
}
