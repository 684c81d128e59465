namespace SparseRobust.Lab.Tests.Objectives;

/// <summary>Compares backward's gradient with central differences, entry by entry, in double precision.</summary>
internal static class FiniteDifference
{
    private const double Step = 1e-6;

    /// <param name="loss">The scalar as a function of what <paramref name="leaf"/> holds.</param>
    /// <param name="leaf">A tensor that requires a gradient.</param>
    public static double[] AgreesWithGradient(Func<Tensor> loss, Tensor leaf)
    {
        using var scope = NewDisposeScope();
        var gradient = autograd.grad([loss()], [leaf])[0].data<double>().ToArray();
        using var noGrad = no_grad();
        var values = leaf.data<double>();
        for (var i = 0; i < gradient.Length; i++)
        {
            var before = values[i];
            values[i] = before + Step;
            var up = loss().item<double>();
            values[i] = before - Step;
            var down = loss().item<double>();
            values[i] = before;
            Assert.Equal((up - down) / (2 * Step), gradient[i], 1e-6);
        }
        return gradient;
    }
}
