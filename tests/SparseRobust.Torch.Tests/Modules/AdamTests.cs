using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

public sealed class AdamTests : IDisposable
{
    private static readonly double[] Gradients = [1.0, -3.0, 0.25, 0.125, 2.0];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.0, false, false)]
    [InlineData(0.3, false, false)]
    [InlineData(0.0, true, false)]
    [InlineData(0.3, true, true)]
    public void Steps_follow_the_paper(double decay, bool amsgrad, bool maximize)
    {
        var parameter = new Parameter(tensor(new[] { 0.7 }));
        using var optimizer = optim.Adam([parameter], 0.1, 0.8, 0.9, 1e-3, decay, amsgrad, maximize);
        foreach (var expected in Path(0.7, decay, amsgrad, maximize))
        {
            var step = (int)((Adam.State)optimizer.state_dict().State[0]).step;
            parameter.grad = tensor(new[] { Gradients[step] });
            optimizer.step();
            Assert.Equal(expected, parameter.item<double>(), 1e-12);
        }
    }

    [Fact]
    public void Weight_decay_is_part_of_the_gradient_not_apart_from_it()
    {
        var (coupled, apart) = (new Parameter(tensor(new[] { -4f })), new Parameter(tensor(new[] { -4f })));
        using var adam = optim.Adam([("weight", coupled)], 0.1, weight_decay: 0.5);
        using var adamW = optim.AdamW([("weight", apart)], 0.1, weight_decay: 0.5);
        (coupled.grad, apart.grad) = (ones([1]), ones([1]));
        adam.step();
        adamW.step();
        Golden.Near([-3.9f], coupled); // the first step is lr against the sign of 1 + 0.5 (-4)
        Golden.Near([-3.9f], apart); // -4 (1 - 0.1 0.5) - 0.1
        adam.zero_grad();
        (coupled.grad, apart.grad) = (zeros([1]), zeros([1]));
        adam.step();
        adamW.step();
        Assert.NotEqual(coupled.ToSingle(), apart.ToSingle());
    }

    [Fact]
    public void A_restored_state_goes_on_bit_for_bit()
    {
        var one = new Parameter(randn([7]));
        var two = new Parameter(one.detach().clone());
        using var first = optim.Adam([new Adam.ParamGroup([one])], 0.1, amsgrad: true);
        using var second = optim.Adam([new Adam.ParamGroup([two])], 0.1, amsgrad: true);
        one.grad = randn([7]);
        first.step();
        using (no_grad())
            two.copy_(one);
        second.load_state_dict(first.state_dict());
        (one.grad, two.grad) = (ones([7]), ones([7]));
        first.step();
        second.step();
        Assert.True(one.equal(two));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var parameter = new Parameter(zeros([1]));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter], weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter, parameter]));
    }

    // Algorithm 1 of the paper (and AMSGrad's maximum, taken before the correction as PyTorch does), written once more in plain numbers.
    private static IEnumerable<double> Path(double p, double decay, bool amsgrad, bool maximize)
    {
        double m = 0, v = 0, largest = 0;
        for (var t = 1; t <= Gradients.Length; t++)
        {
            var g = (maximize ? -Gradients[t - 1] : Gradients[t - 1]) + (decay * p);
            m = (0.8 * m) + (0.2 * g);
            v = (0.9 * v) + (0.1 * g * g);
            largest = Math.Max(largest, v);
            var corrected = (amsgrad ? largest : v) / (1 - Math.Pow(0.9, t));
            p -= 0.1 * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(corrected) + 1e-3);
            yield return p;
        }
    }
}
