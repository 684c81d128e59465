using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Tensors;

public sealed class SparseTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 2)] // two rows that are not all zero, each dense
    [InlineData(2, 3)] // three elements
    public void Only_the_first_dimensions_become_sparse(int dimensions, int entries)
    {
        var dense = tensor(new[,] { { 0f, 5f }, { 0f, 0f }, { 7f, 9f } });
        var sparse = dense.to_sparse(dimensions);
        Assert.True(sparse.is_sparse);
        Assert.Equal([3L, 2L], sparse.shape);
        Assert.True(sparse.to_dense().equal(dense));
        Assert.Equal(entries, Entries(sparse));
    }

    [Fact]
    public void More_sparse_dimensions_than_there_are_is_an_exception() =>
        Assert.Throws<TorchException>(() => ones([2, 2]).to_sparse(3));

    // The printed form names the shape of the indices, dimensions by entries.
    private static int Entries(Tensor sparse) =>
        int.Parse(System.Text.RegularExpressions.Regex.Match(sparse.ToString(), @"\[ CPULongType\{\d+,(\d+)\} \]").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
}
