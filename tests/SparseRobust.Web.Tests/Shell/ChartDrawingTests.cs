using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Tests.Shell;

public sealed class ChartDrawingTests
{
    private static ChartLine Line(params (long Step, double Value)[] points) => new("train/loss", [.. points.Select(point => new ChartPoint(point.Step, point.Value))]);

    [Fact]
    public void The_least_value_lies_at_the_bottom_and_the_greatest_at_the_top()
    {
        var line = Line((0, 1), (50, 3), (100, 2));
        Assert.Equal("0,200 500,0 1000,100", new ChartDrawing([line], logarithmic: false).Points(line));
    }

    [Fact]
    public void A_logarithmic_chart_puts_equal_factors_at_equal_distances()
    {
        var line = Line((0, 0.01), (1, 0.1), (2, 1));
        Assert.Equal("0,200 500,100 1000,0", new ChartDrawing([line], logarithmic: true).Points(line));
    }

    [Fact]
    public void Values_that_cannot_be_drawn_are_left_out_and_do_not_stretch_the_axes()
    {
        var line = Line((0, 1), (1, double.NaN), (2, 3), (3, double.PositiveInfinity));
        var drawing = new ChartDrawing([line], logarithmic: false);
        Assert.Equal((0, 2, 1.0, 3.0), (drawing.FirstStep, drawing.LastStep, drawing.Low, drawing.High));
        Assert.Equal("0,200 1000,0", drawing.Points(line));
    }

    [Fact]
    public void A_logarithmic_chart_leaves_zero_out() =>
        Assert.True(new ChartDrawing([Line((0, 0))], logarithmic: true).IsEmpty);

    [Fact]
    public void A_single_point_is_a_dot_in_the_middle()
    {
        var (line, other) = (Line((7, 0.5), (8, double.NaN)), Line((7, 0.5), (7, 0.5)));
        var drawing = new ChartDrawing([line, other], logarithmic: false);
        // A polyline of one point would draw nothing.
        Assert.Equal((true, "500,100 500,100"), (drawing.IsLone(line), drawing.Points(line)));
        Assert.False(drawing.IsLone(other));
    }

    [Fact]
    public void Lines_share_one_pair_of_axes()
    {
        var low = Line((0, 0), (10, 0));
        var high = Line((0, 4), (20, 4));
        var drawing = new ChartDrawing([low, high], logarithmic: false);
        Assert.Equal("0,200 500,200", drawing.Points(low));
        Assert.Equal("0,0 1000,0", drawing.Points(high));
    }
}
