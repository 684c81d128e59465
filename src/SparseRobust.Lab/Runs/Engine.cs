#if !TORCHSHARP
using SparseRobust.Torch.Scopes;
#endif

namespace SparseRobust.Lab.Runs;

/// <summary>What the tensor library says of itself. The only file of the laboratory that uses more than TorchSharp offers.</summary>
public static class Engine
{
    /// <summary>One line on library, BLAS, cores and threads, and warnings that each name the command that mends them.</summary>
    public static (string Summary, IReadOnlyList<string> Warnings) Report()
    {
#if TORCHSHARP
        return ($"TorchSharp {typeof(torch).Assembly.GetName().Version}", []);
#else
        var report = RuntimeReport.Current;
        return (report.ToString(), report.Warnings);
#endif
    }

    /// <summary>Tensors alive in this process; 0 after a run.</summary>
    public static long LiveTensors
#if TORCHSHARP
        => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
#else
        => TensorCensus.Total;
#endif
}
