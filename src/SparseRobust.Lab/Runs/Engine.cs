using SparseRobust.Lab.Errors;
#if !TORCHSHARP
using SparseRobust.Torch.Precision;
#endif

namespace SparseRobust.Lab.Runs;

/// <summary>What the tensor library says of itself. The only file of the laboratory that uses more than TorchSharp offers.</summary>
public static class Engine
{
    /// <summary>One line on library, BLAS, instruction set of the fused kernels, cores and threads, and warnings that each name the command that mends them. TorchSharp tells its version only.</summary>
    /// <exception cref="LabException">DeviceUnavailable: LibTorch, or what binds it, is missing.</exception>
    public static (string Summary, IReadOnlyList<string> Warnings) Report()
    {
#if TORCHSHARP
        return ($"TorchSharp {typeof(torch).Assembly.GetName().Version}", []);
#else
        try
        {
            var report = RuntimeReport.Create();
            return (report.ToString(), report.Warnings);
        }
        catch (DllNotFoundException e)
        {
            throw new LabException(ProblemCode.DeviceUnavailable, $"LibTorch cannot be loaded: {e.Message}", e);
        }
#endif
    }

    /// <summary>Checks that a device is there, by a first allocation on it: now rather than in the middle of a run.</summary>
    /// <exception cref="LabException">DeviceUnavailable.</exception>
    internal static void RequireDevice(string name)
    {
        try
        {
            using var probe = zeros([1], device: device(name));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new LabException(ProblemCode.DeviceUnavailable, $"The device \"{name}\" cannot be used here: {e.Message.Split('\n')[0]} Use cpu, or a device that is there.", e);
        }
    }

    /// <summary>Whether the tensor library can train in mixed precision; TorchSharp has no autocast.</summary>
    internal const bool HasMixedPrecision =
#if TORCHSHARP
        false;
#else
        true;
#endif

    /// <summary>Matrix products of this thread in bfloat16 until disposed; backward belongs outside.</summary>
    /// <exception cref="LabException">RecipeInvalid: not with this tensor library; <see cref="HasMixedPrecision"/> tells beforehand.</exception>
    internal static IDisposable MixedPrecision(Device device) =>
#if TORCHSHARP
        throw new LabException(ProblemCode.RecipeInvalid, "bf16 cannot be had on " + device + " here: TorchSharp has no autocast. Leave bf16 out, or build without -p:TorchSharpPackage.");
#else
        Autocast.To(ScalarType.BFloat16, device);
#endif

    /// <summary>The problem an exception of the tensor library stands for; null when it is none of the user's.</summary>
    internal static LabException? AsProblem(Exception exception) =>
        exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
            ? new LabException(ProblemCode.DeviceUnavailable, $"The device ran out of memory: {exception.Message.Split('\n')[0]} Use a smaller per_device_train_batch_size or model, or free the device.", exception)
            : null;

    /// <summary>The generator that dropout on a GPU draws from; null where the processor's is the only one that can be saved.</summary>
    internal static Generator? GeneratorOf(Device device)
#if TORCHSHARP
        => null;
#else
        => device.type == DeviceType.CPU ? null : Accelerator.DefaultGenerator(device);
#endif

    /// <summary>Brings a new tensor from the processor to a device; neither side waits where the library can do without.</summary>
    internal static Tensor Send(Tensor tensor, Device device)
#if TORCHSHARP
        => tensor.to(tensor.dtype, device);
#else
        => Accelerator.Send(tensor, device);
#endif

    /// <summary>The most bytes that tensors on a GPU held at one time; null on the processor.</summary>
    internal static long? PeakMemory(Device device)
#if TORCHSHARP
        => null;
#else
        => Accelerator.PeakMemory(device);
#endif

    /// <summary>Tensors alive in this process; 0 after a run.</summary>
    public static long LiveTensors
#if TORCHSHARP
        => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
#else
        => TensorCensus.Total;
#endif
}
