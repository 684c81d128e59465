using SparseRobust.Torch.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class UpdateConstraintsTests
{
    private const double Rate = 0.05;
    private const double Strength = 0.3;

    // Three steps on fixed gradients; in double the optimizer computes by LibTorch's operators, in fp32 by the kernel.
    private static float[] Train(ScalarType type, ProxStep? prox, bool masked, int threads = 1)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var scope = NewDisposeScope();
            manual_seed(51);
            var start = randn([40_000]);
            var alpha = rand([40_000]) * 2;
            var mask = (rand([40_000]) > 0.5).to_type(type);
            var parameter = nn.Parameter(start.to_type(type));
            using var optimizer = optim.AdamW([parameter], Rate, weight_decay: 0.1);
            var constraints = new UpdateConstraints { ProxStrength = Strength, ProxStep = prox ?? ProxStep.Lr };
            if (prox is not null)
                constraints.SetProx(parameter, alpha.to_type(type));
            if (masked)
                constraints.SetMask(parameter, mask);
            constraints.ApplyTo(optimizer);
            for (var i = 0; i < 3; i++)
            {
                parameter.grad = randn([40_000]).to_type(type);
                optimizer.step();
            }
            return parameter.detach().to_type(ScalarType.Float32).data<float>().ToArray();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Theory]
    [InlineData(ProxStep.Lr, false)]
    [InlineData(ProxStep.Unit, false)]
    [InlineData(ProxStep.AdamMetric, false)]
    [InlineData(null, true)]
    [InlineData(ProxStep.AdamMetric, true)]
    public void The_kernel_equals_the_composed_operators(ProxStep? prox, bool masked)
    {
        var kernel = Train(ScalarType.Float32, prox, masked);
        var composed = Train(ScalarType.Float64, prox, masked);
        // A handful of roundings of numbers up to 5.
        Assert.All(kernel.Zip(composed), pair => Assert.Equal(pair.Second, pair.First, 5e-6f));
        Assert.Contains(kernel, value => value == 0);
    }

    [Fact]
    public void The_prox_is_the_soft_threshold_by_hand()
    {
        using var scope = NewDisposeScope();
        // No gradient, no decay, first step: only the proximal map moves the weights. tau = 1e-3 / (|a| + 1e-3).
        var parameter = nn.Parameter(tensor(new[] { .5f, -.03f, .002f, -1.2f, .05f }));
        using var optimizer = optim.AdamW([parameter], lr: 1);
        var constraints = new UpdateConstraints { ProxStrength = 1e-3 };
        constraints.SetProx(parameter, 1 / (parameter.detach().abs() + 1e-3f));
        constraints.ApplyTo(optimizer);
        parameter.grad = zeros(5);
        optimizer.step();
        float[] expected = [.498004f, 0, 0, -1.199167f, .0303922f];
        Assert.All(expected.Zip(parameter.detach().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Threads_and_instruction_sets_change_no_bit()
    {
        var runs = new[] { 1, 2, 3 }.SelectMany(threads => CpuCapability.Each(() => Train(ScalarType.Float32, ProxStep.AdamMetric, true, threads)).ToList()).ToList();
        Assert.All(runs, run => Assert.Equal(runs[0].Result, run.Result));
    }

    [Fact]
    public void What_was_masked_may_revive_when_its_mask_goes()
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(ones(1));
        using var optimizer = optim.AdamW([parameter], lr: 0.1);
        var constraints = new UpdateConstraints();
        constraints.SetMask(parameter, zeros(1));
        constraints.ApplyTo(optimizer);
        parameter.grad = ones(1);
        optimizer.step();
        Assert.Equal(0, parameter.item<float>());
        constraints.SetMask(parameter, null);
        optimizer.step();
        Assert.Equal(-0.1f, parameter.item<float>(), 1e-6f);
    }

    [Fact]
    public void A_mask_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        var constraints = new UpdateConstraints();
        var parameter = nn.Parameter(ones(2));
        Assert.Throws<ArgumentException>(() => constraints.SetMask(parameter, ones(3)));
        Assert.Throws<ArgumentException>(() => constraints.SetProx(parameter, ones([2], ScalarType.Float64)));
    }
}
