using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests;

/// <summary>Counts tensors for tests that nothing is left behind, after what earlier tests dropped has been finalised: otherwise that would happen in the midst of the test.</summary>
internal static class LiveTensors
{
    /// <summary>Those of this thread.</summary>
    public static long Settled()
    {
        Settle();
        return TensorCensus.Live;
    }

    /// <summary>Those of the process.</summary>
    public static long SettledTotal()
    {
        Settle();
        return TensorCensus.Total;
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
