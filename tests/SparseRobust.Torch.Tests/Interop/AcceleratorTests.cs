using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Interop;

public sealed class AcceleratorTests
{
    [Fact]
    public void The_processor_has_the_default_generator_and_no_peak()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var expected = rand(5).data<float>().ToArray();
        Accelerator.DefaultGenerator(CPU).manual_seed(11);
        Assert.Equal(expected, rand(5).data<float>().ToArray());
        Assert.Null(Accelerator.PeakMemory(CPU));
        Accelerator.ResetPeakMemory(CPU);
    }

    [Fact]
    public void A_gpu_that_is_not_there_has_no_generator()
    {
        Assert.Throws<TorchException>(() => Accelerator.DefaultGenerator(device("cuda:99")));
    }

    [GpuFact]
    public void A_gpu_counts_its_peak_and_its_generator_replays()
    {
        using var scope = NewDisposeScope();
        var gpu = device("cuda:0");
        using var first = zeros([1 << 20], device: gpu);
        Assert.InRange(Accelerator.PeakMemory(gpu) ?? (4 << 20), 4 << 20, long.MaxValue);
        var generator = Accelerator.DefaultGenerator(gpu);
        var state = generator.get_state();
        var values = rand([100], device: gpu).cpu().data<float>().ToArray();
        generator.set_state(state);
        Assert.Equal(values, rand([100], device: gpu).cpu().data<float>().ToArray());
    }
}
