using System.Text.Json;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Evaluation;

/// <summary>Accuracy, F1 and Matthews' correlation over a confusion matrix.</summary>
public class ClassificationMetricsTests
{
    [Fact]
    public void Accuracy_F1_and_Matthews_are_those_of_scikit_learn()
    {
        foreach (var golden in GoldenFile.Read("metrics", "metrics.json").GetProperty("classification").EnumerateArray())
        {
            var matrix = Matrix(golden);
            Assert.Equal(golden.GetProperty("accuracy").GetDouble(), Accuracy.Of(matrix)!.Value, 1e-12);
            Assert.Equal(golden.GetProperty("f1_weighted").GetDouble(), F1.Weighted(matrix)!.Value, 1e-12);
            Assert.Equal(golden.GetProperty("matthews").GetDouble(), Matthews.Of(matrix)!.Value, 1e-12);
            var (recall, f1) = (golden.Doubles("recall"), golden.Doubles("f1"));
            for (var c = 0; c < matrix.Classes; c++)
            {
                Assert.Equal(recall[c], Accuracy.OfClass(matrix, c) ?? 0, 1e-12);
                Assert.Equal(f1[c], F1.OfClass(matrix, c)!.Value, 1e-12);
            }
        }
    }

    [Fact]
    public void Two_classes_by_hand()
    {
        // TP 3, FN 1, FP 2, TN 4.
        var matrix = ConfusionMatrix.Of([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], 2);
        Assert.Equal(0.7, Accuracy.Of(matrix));
        Assert.Equal((4 / 6.0, 0.75), (Accuracy.OfClass(matrix, 0), Accuracy.OfClass(matrix, 1)));
        Assert.Equal(6 / 9.0, F1.OfClass(matrix, 1));
        Assert.Equal(8 / 11.0, F1.OfClass(matrix, 0));
        Assert.Equal((4 * (6 / 9.0) + 6 * (8 / 11.0)) / 10, F1.Weighted(matrix)!.Value, 1e-15);
        Assert.Equal((3 * 4 - 2 * 1) / Math.Sqrt(5.0 * 4 * 6 * 5), Matthews.Of(matrix)!.Value, 1e-15);
    }

    [Fact]
    public void Always_one_class_has_no_correlation_and_an_unseen_class_an_F1_of_0()
    {
        var matrix = ConfusionMatrix.Of([0, 0, 0], [0, 1, 0], 3);
        Assert.Equal(0, Matthews.Of(matrix));
        Assert.Equal(0, F1.OfClass(matrix, 2));
        Assert.Null(Accuracy.OfClass(matrix, 2));
    }

    [Fact]
    public void Nothing_is_undefined()
    {
        var matrix = ConfusionMatrix.Of([], [], 2);
        Assert.Null(Accuracy.Of(matrix));
        Assert.Null(F1.OfClass(matrix, 1));
        Assert.Null(F1.Weighted(matrix));
        Assert.Null(Matthews.Of(matrix));
    }

    [Fact]
    public void A_prediction_that_is_no_class_is_wrong_and_counts_as_a_class_that_is_never_gold()
    {
        var (matrix, wider) = (ConfusionMatrix.Of([0, -1, 1, -1], [0, 0, 1, 1], 2), ConfusionMatrix.Of([0, 2, 1, 2], [0, 0, 1, 1], 3));
        Assert.Equal(0.5, Accuracy.Of(matrix));
        Assert.Equal(2 / 3.0, F1.OfClass(matrix, 1));
        Assert.Equal(Matthews.Of(wider), Matthews.Of(matrix));
    }

    [Fact]
    public void Large_sets_do_not_overflow()
    {
        int[] gold = [.. Enumerable.Range(0, 400_000).Select(i => i % 2)];
        Assert.Equal(1, Matthews.Of(ConfusionMatrix.Of(gold, gold, 2))!.Value, 1e-12);
    }

    [Fact]
    public void Unequal_lengths_and_unknown_classes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([1], [1, 0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Of([2], [1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Of([1], [2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Of([1], [-1], 2));
    }

    private static ConfusionMatrix Matrix(JsonElement golden) => ConfusionMatrix.Of(Ints(golden, "predicted"), Ints(golden, "gold"), golden.GetProperty("classes").GetInt32());

    private static int[] Ints(JsonElement element, string property) => [.. element.GetProperty(property).EnumerateArray().Select(value => value.GetInt32())];
}
