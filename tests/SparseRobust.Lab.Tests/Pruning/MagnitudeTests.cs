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
        using var scope = NewDisposeScope();
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

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.93)]
    public void One_threshold_for_all_matrices_removes_exactly_the_share_of_them_together_and_the_smallest(double sparsity)
    {
        using var scope = NewDisposeScope();
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        // Matrices of different scales, so that their shares differ.
        using (no_grad())
            foreach (var (entry, i) in model.Entries(PrunableSet.SrNets).Select((entry, i) => (entry, i)))
                entry.Parameter.mul_(1 + i);
        var before = model.Entries(PrunableSet.SrNets).Select(matrix => matrix.Parameter.abs().data<float>().ToArray()).ToList();
        using var method = new MagnitudeSpec { Sparsity = sparsity, Scope = PruningScope.Global }.Build(1);
        method.Begin(model, new Budget(1, 1));
        var matrices = method.Masks(model).Matrices;
        var weights = matrices.Zip(before).SelectMany(pair => pair.Second.Select((magnitude, i) => (Magnitude: magnitude, IsKept: IsKept(pair.First, i)))).ToList();
        Assert.Equal(weights.Count - Selection.ZeroCount(weights.Count, sparsity), weights.Count(weight => weight.IsKept));
        var removed = weights.Where(weight => !weight.IsKept).ToList();
        Assert.True(removed.Count == 0 || weights.Where(weight => weight.IsKept).Min(weight => weight.Magnitude) >= removed.Max(weight => weight.Magnitude));
        Assert.Equal(sparsity > 0, matrices[0].Sparsity > matrices[12].Sparsity);
    }

    [Fact]
    public void Of_equal_weights_in_all_matrices_the_first_go()
    {
        using var scope = NewDisposeScope();
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using (no_grad())
            foreach (var entry in model.Entries(PrunableSet.SrNets))
                entry.Parameter.fill_(1);
        using var method = new MagnitudeSpec { Sparsity = 0.1, Scope = PruningScope.Global }.Build(1);
        method.Begin(model, new Budget(1, 1));
        // 2 layers of 4 x 256 + 2 x 512 and a pooler of 256: floor(435.2) of 4,352 are the first matrix and 179 of the second.
        Assert.Equal([0, 256 - 179, 256, 256], method.Masks(model).Matrices.Take(4).Select(mask => mask.Kept));
        Assert.Equal(4352 - 435, method.Masks(model).Matrices.Sum(mask => mask.Kept));
    }

    private static bool IsKept(MatrixMask mask, int index) => ((mask.Bits.Span[index >> 3] >> (index & 7)) & 1) == 1;
}
