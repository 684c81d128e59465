using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch.Tests.Fused;

/// <summary>Runs the same computation with the kernels of every instruction set that this processor has.</summary>
internal static class CpuCapability
{
    internal static IEnumerable<(string Name, T Result)> Each<T>(Func<T> compute)
    {
        foreach (var name in new[] { "default", "avx2", "avx512" })
        {
            if (Native.sr_set_cpu_capability(name) != 0)
                continue;
            try
            {
                yield return (name, compute());
            }
            finally
            {
                Native.Check(Native.sr_set_cpu_capability(string.Empty));
            }
        }
    }
}
