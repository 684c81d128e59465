using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Tensors;

public class IndexingTests
{
    [Fact]
    public void Integers_ranges_and_tensors_select_as_in_pytorch()
    {
        using var scope = NewDisposeScope();
        var x = arange(12).reshape(3, 4);
        Assert.Equal([4L, 5, 6, 7], x[1].data<long>().ToArray());
        Assert.Equal(11, x[-1, -1].ToInt64());
        Assert.Equal([1L, 2, 5, 6, 9, 10], x[TensorIndex.Colon, 1..3].contiguous().data<long>().ToArray());
        Assert.Equal([8L, 9, 10, 11, 0, 1, 2, 3], x[tensor(new long[] { 2, 0 })].data<long>().ToArray());
        Assert.Equal([2L, 6, 10], x[TensorIndex.Ellipsis, 2].data<long>().ToArray());
        Assert.Equal([10L, 11], x[x > 9].data<long>().ToArray());
        Assert.Equal([1, 3, 4], x[TensorIndex.Null].shape);
    }

    [Fact]
    public void Assignment_writes_through()
    {
        using var scope = NewDisposeScope();
        var x = zeros([2, 3]);
        x[0, 1] = tensor(5f);
        x[x > 4] = tensor(7f);
        x[1] = ones(3);
        Assert.Equal([0f, 7, 0, 1, 1, 1], x.data<float>().ToArray());
    }

    [Fact]
    public void Selections_follow_hand_numbers()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 3, 1, 2, 5, 4, 9 }, [2, 3]);
        var (values, indexes) = x.topk(2);
        Assert.Equal([3f, 2, 9, 5], values.data<float>().ToArray());
        Assert.Equal([0L, 2, 2, 0], indexes.data<long>().ToArray());
        Assert.Equal([2f, 5], x.kthvalue(2, 1).values.data<float>().ToArray());
        Assert.Equal([1f, 2, 3, 4, 5, 9], x.sort(1).Values.data<float>().ToArray());
        Assert.Equal([0L, 2], x.argmax(1).data<long>().ToArray());
        Assert.Equal([1f, 4], x.gather(1, tensor(new long[] { 1, 1 }, [2, 1])).data<float>().ToArray());
        Assert.Equal([3f, 5, 1, 4, 2, 9], x.transpose(0, 1).data<float>().ToArray());
        Assert.Equal([-1f, 1, -1, -1, -1, -1], x.masked_fill(x > 1, -1).data<float>().ToArray());
        Assert.Equal([3f, 4, 6, 5, 9, 18], x.cumsum(1).data<float>().ToArray());
        Assert.Equal([3f, 1, 2, 5, 4, 9, 0], cat([x.flatten(), zeros(1)]).data<float>().ToArray());
        Assert.Equal(4, x.mean().ToSingle());
        Assert.Equal([2f, 6], x.mean([1]).data<float>().ToArray());
        Assert.Equal(1, x[0].std().ToSingle(), 1e-6f);
    }

    [Fact]
    public void Long_lists_cross_the_boundary()
    {
        using var scope = NewDisposeScope();
        var many = Enumerable.Range(0, 500).Select(i => full(2, i)).ToArray();
        Assert.Equal([500, 2], stack(many).shape);
        Assert.Equal(499, stack(many).max().ToInt64());
    }

    [Fact]
    public void Bytes_are_the_tensors_own_memory()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, bfloat16);
        x.bytes = new byte[] { 0x80, 0x3f, 0, 0x40 };
        Assert.Equal([1f, 2], x.to(float32).data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[3]);
    }
}
