using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Tests.Objectives;

public class ConfidenceRegularizationTests
{
    private static readonly WorkedExample Example = new();

    [Fact]
    public void Loss_has_the_worked_value() => Assert.Equal(1.2935456, Example.Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);

    [Theory]
    [InlineData(0, 1.1748955)]
    [InlineData(1, 1.0598840)]
    [InlineData(2, 1.6458574)]
    public void Each_row_has_the_worked_value(int row, double expected) => Assert.Equal(expected, Row(row).Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);

    /// <summary>beta = 0: the mean of -sum_j p_t[j] log p_m[j].</summary>
    [Fact]
    public void Loss_equals_distillation_when_the_bias_never_guesses_the_gold_class()
    {
        var wrong = Example with { Bias = new[,] { { 0, .5, .5 }, { .5, .5, 0 }, { 0, .5, .5 } } };
        Assert.Equal(1.0013793, wrong.Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);
    }

    /// <summary>beta = 1: the mean of -sum_j log p_m[j] / 3, whatever the teacher says.</summary>
    [Fact]
    public void The_target_is_uniform_when_the_bias_is_certain()
    {
        var certain = Example with { Bias = new[,] { { 1.0, 0, 0 }, { 0, 0, 1 }, { 1, 0, 0 } } };
        Assert.Equal(1.7474905, certain.Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);
        Assert.Equal(1.7474905, (certain with { Teacher = Example.Bias }).Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);
    }

    [Fact]
    public void A_teacher_that_knows_the_labels_gives_cross_entropy_without_bias()
    {
        const double sure = 1 - 2e-12, else_ = 1e-12;
        var knowing = Example with
        {
            Bias = new[,] { { 0, .5, .5 }, { .5, .5, 0 }, { 0, .5, .5 } },
            Teacher = new[,] { { sure, else_, else_ }, { else_, else_, sure }, { sure, else_, else_ } },
        };
        Assert.Equal(Example.Value(new CrossEntropySpec()), knowing.Value(new ConfidenceRegularizationSpec()), WorkedExample.Tolerance);
    }

    private static WorkedExample Row(int row) => Example with
    {
        Logits = One(Example.Logits, row),
        Bias = One(Example.Bias, row),
        Teacher = One(Example.Teacher, row),
        Labels = [Example.Labels[row]],
    };

    private static double[,] One(double[,] values, int row) => new[,] { { values[row, 0], values[row, 1], values[row, 2] } };
}
