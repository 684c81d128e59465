using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public void Arithmetic_follows_hand_numbers()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new float[] { 1, 2, 3 });
        var b = tensor(new float[] { 4, 5, 6 });
        Assert.Equal([5f, 7, 9], (a + b).data<float>().ToArray());
        Assert.Equal([-3f, -3, -3], (a - b).data<float>().ToArray());
        Assert.Equal([4f, 10, 18], (a * b).data<float>().ToArray());
        Assert.Equal([0.25f, 0.4f, 0.5f], (a / b).data<float>().ToArray());
        Assert.Equal([2f, 1, 0], (3 - a).data<float>().ToArray());
        Assert.Equal([6f, 3, 2], (6 / a).data<float>().ToArray());
        Assert.Equal([-1f, -2, -3], (-a).data<float>().ToArray());
        Assert.Equal([false, false, true], (a > 2).data<bool>().ToArray());
        Assert.Equal(32f, a.dot(b).item<float>());
        Assert.Equal(6, a.sum().ToSingle());
    }

    [Fact]
    public void Backward_adds_gradients_to_leaves()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        (x * x).sum().backward();
        Assert.Equal([2f, 4, 6], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
    }
}
