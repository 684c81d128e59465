using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Tests.Shell;

public sealed class ChartDrawingStagesTests
{
    [Fact]
    public void With_stages_the_axis_spans_the_whole_run_and_each_later_stage_has_a_border()
    {
        ChartStage[] stages = [new("fine-tune", 0, 100), new("prune", 100, 200)];
        var line = new ChartLine("prune/sparsity", [new(150, 0), new(200, 1)]);

        var drawing = new ChartDrawing([line], false, stages);

        Assert.Equal((0L, 200L), (drawing.FirstStep, drawing.LastStep));
        Assert.Equal("750,200 1000,0", drawing.Points(line));
        Assert.Equal(["500"], drawing.Borders(stages));
    }
}
