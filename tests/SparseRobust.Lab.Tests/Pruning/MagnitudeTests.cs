using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

public class MagnitudeTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void Every_matrix_loses_exactly_its_share_and_keeps_its_largest(double sparsity)
    {
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        var before = model.Entries(PrunableSet.SrNets).Select(matrix => matrix.Parameter.abs().data<float>().ToArray()).ToList();
        using var method = new MagnitudeSpec { Sparsity = sparsity }.Build(1);
        method.Begin(model, new Budget(1, 1));
        var masks = method.Masks(model);
        Assert.Equal(13, masks.Matrices.Count);
        foreach (var (mask, magnitudes) in masks.Matrices.Zip(before))
        {
            var zeros = Selection.ZeroCount(magnitudes.Length, sparsity);
            Assert.Equal(magnitudes.Length - zeros, mask.Kept);
            var kept = magnitudes.Where((_, i) => IsKept(mask, i)).ToList();
            var removed = magnitudes.Where((_, i) => !IsKept(mask, i)).ToList();
            Assert.True(removed.Count == 0 || kept.Min() >= removed.Max());
        }
    }

    [Fact]
    public void Removed_weights_get_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using var method = new MagnitudeSpec { Sparsity = 0.5 }.Build(1);
        method.Begin(model, new Budget(1, 1));
        bert.forward(tensor(new long[] { 2, 5, 3 }, [1, 3]), zeros([1, 3], ScalarType.Int64), ones([1, 3])).sum().backward();
        var mask = method.Masks(model).Matrices[0];
        var gradient = model.Matrices[0].Linear.Weight.grad!.data<float>().ToArray();
        Assert.All(Enumerable.Range(0, gradient.Length).Where(i => !IsKept(mask, i)), i => Assert.Equal(0f, gradient[i]));
        Assert.Contains(gradient, value => value != 0);
    }

    private static bool IsKept(MatrixMask mask, int index) => ((mask.Bits.Span[index >> 3] >> (index & 7)) & 1) == 1;
}
