using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

/// <summary>Runs a function of several tensors forward and backward, and compares what comes out.</summary>
internal static class FusedCheck
{
    /// <summary>The value and the gradients of all inputs, or empty where one gets none. Inputs are numbers of bf16, the same in every type.</summary>
    internal static float[][] Run(Func<Tensor[], Tensor> function, ScalarType type, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        manual_seed(31);
        Tensor[] leaves = [.. shapes.Select(shape => Rounded(randn(shape)).to_type(type).detach().requires_grad_())];
        return Run(function, leaves);
    }

    internal static float[][] Run(Func<Tensor[], Tensor> function, Tensor[] leaves)
    {
        manual_seed(32);
        var y = function(leaves);
        manual_seed(33);
        (y * Rounded(randn(y.shape)).to_type(y.dtype)).sum().backward();
        return [Values(y), .. leaves.Select(leaf => leaf.grad is { } grad ? Values(grad) : [])];
    }

    internal static Tensor Rounded(Tensor x) => x.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);

    internal static float[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();

    /// <summary>Each array within its bound, relative to its largest entry (at least 1).</summary>
    internal static void AssertClose(float[][] expected, float[][] actual, params double[] bounds)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = expected[i].Length == 0 ? 1 : Math.Max(1, expected[i].Max(Math.Abs));
            Assert.Equal(expected[i].Length, actual[i].Length);
            for (var j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], actual[i][j], bounds[Math.Min(i, bounds.Length - 1)] * scale);
        }
    }

    /// <summary>One, two and three threads with the kernels of every instruction set give the same bits.</summary>
    internal static void AssertSameBitsEverywhere(Func<float[][]> compute)
    {
        var before = get_num_threads();
        try
        {
            var runs = new[] { 1, 2, 3 }.SelectMany(threads =>
            {
                set_num_threads(threads);
                return CpuCapability.Each(compute).ToList();
            }).ToList();
            Assert.All(runs, run => Assert.Equal(runs[0].Result, run.Result));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    internal static void AssertRefused(string part, Action action) => Assert.Contains(part, Assert.Throws<TorchException>(action).Message, StringComparison.Ordinal);
}
