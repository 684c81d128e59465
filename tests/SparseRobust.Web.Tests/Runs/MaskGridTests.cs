using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class MaskGridTests
{
    private static MatrixView Matrix(int layer, string kind, double density) => new($"{layer}.{kind}", layer, kind, 2, 2, 2, density, "s");

    [Fact]
    public void Layers_go_down_and_kinds_across_in_the_order_of_the_forward_pass()
    {
        var grid = MaskGrid.Of([Matrix(-1, "pooler", 0.9), Matrix(0, "attention_output", 0.2), Matrix(0, "query", 0.1), Matrix(10, "query", 0.4), Matrix(2, "query", 0.3)]);

        Assert.Equal(["query", "attention output", "pooler"], grid.Columns);
        Assert.Equal(["0", "2", "10", "outside"], grid.Shares.Select(row => row.Name));
        Assert.Equal([0.1, 0.2, null], grid.Shares[0].Values);
        Assert.Equal([null, null, 0.9], grid.Shares[^1].Values);
    }
}
