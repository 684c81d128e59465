using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests;

/// <summary>Compares backward's gradient with central differences, in double precision.</summary>
internal static class GradientCheck
{
    internal static void Passes(Func<Tensor, Tensor> function, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var x = randn(shape, ScalarType.Float64, generator: generator).requires_grad_();
        function(x).sum().backward();
        var found = x.grad!.data<double>().ToArray();
        using var guard = no_grad();
        var values = x.data<double>();
        for (var i = 0; i < found.Length; i++)
        {
            const double Step = 1e-6;
            var before = values[i];
            values[i] = before + Step;
            var up = function(x).sum().ToDouble();
            values[i] = before - Step;
            var down = function(x).sum().ToDouble();
            values[i] = before;
            Assert.Equal((up - down) / (2 * Step), found[i], 1e-5);
        }
    }
}
