using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Tensors;

public class MisuseTests
{
    [Fact]
    public void A_shape_mismatch_gives_libtorchs_message()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<TorchException>(() => ones([2, 3]).matmul(ones([2, 3])));
        Assert.StartsWith("mat1 and mat2 shapes cannot be multiplied", error.Message);
        Assert.False(error.IsOutOfMemory);
        Assert.DoesNotContain("frame #", error.Message);
    }

    [Fact]
    public void A_disposed_tensor_is_refused()
    {
        var x = ones(2);
        x.Dispose();
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.sum());
        Assert.Throws<ObjectDisposedException>(() => x.shape);
    }

    [Fact]
    public void Too_big_a_tensor_is_out_of_memory_and_the_process_goes_on()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<TorchException>(() => empty(1L << 50));
        Assert.True(error.IsOutOfMemory);
        Assert.Equal(2, ones(2).sum().ToSingle());
    }

    [Fact]
    public void Second_backward_through_a_freed_graph_is_an_exception()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        var y = (x * x).sum();
        y.backward();
        Assert.Throws<TorchException>(y.backward);
    }

    [Fact]
    public void Elements_are_read_only_as_their_own_type()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => ones(2).data<double>());
        Assert.Throws<ArgumentException>(() => ones(2, int32).data<float>());
        Assert.Throws<ArgumentException>(() => tensor(new float[3], [2, 2]));
        Assert.Throws<TorchException>(() => ones(2).ToSingle());
    }

    [Fact]
    public void An_index_out_of_range_is_an_exception()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<TorchException>(() => ones([2, 2]).select(0, 5));
        Assert.Throws<TorchException>(() => ones([2, 2]).index_select(0, tensor(new long[] { 7 })));
        Assert.Throws<ArgumentException>(() => new Device("toaster"));
    }
}
