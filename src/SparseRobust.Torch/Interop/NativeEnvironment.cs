using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SparseRobust.Torch.Interop;

/// <summary>Sets up what native code reads once, before LibTorch is loaded: BLAS kernels, malloc, threads.</summary>
internal static partial class NativeEnvironment
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    private static readonly Lock Gate = new();
    private static bool s_prepared;

    /// <summary>The kernels OpenBLAS was told to use, or null when it chooses by itself.</summary>
    internal static string? CoreType { get; private set; }

    /// <summary>Whether the processor has AVX-512.</summary>
    internal static bool WantsAvx512 => Avx512F.IsSupported;

    internal static void Prepare()
    {
        lock (Gate)
        {
            if (s_prepared)
                return;
            s_prepared = true;
            ChooseBlasKernels();
            WaitPolitely();
            KeepBigBlocks();
            NativeLibrary.SetDllImportResolver(typeof(NativeEnvironment).Assembly, Resolve);
        }
        if (!UsesDefaultMalloc)
            Native.Check(Native.sr_use_caching_allocator(CacheLimit()));
        Native.Check(Native.sr_set_num_threads(DefaultThreads()));
    }

    /// <summary>SPARSEROBUST_THREADS, else the processors that this process may use.</summary>
    internal static int DefaultThreads()
    {
        var text = Environment.GetEnvironmentVariable("SPARSEROBUST_THREADS");
        return int.TryParse(text, out var count) && count > 0 ? count : Environment.ProcessorCount;
    }

    private static bool UsesDefaultMalloc => Environment.GetEnvironmentVariable("SPARSEROBUST_MALLOC") == "default";

    // A quarter of the memory that the process may use, seldom reached: it cannot exceed the peak of live tensors
    // by much.
    private static long CacheLimit() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    // OpenBLAS 0.3.21 takes a new AVX-512 processor for an AVX2 one, at half its speed. It reads the native
    // environment, which .NET's SetEnvironmentVariable does not reach.
    private static void ChooseBlasKernels()
    {
        CoreType = Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE");
        if (CoreType is not null || !OperatingSystem.IsLinux() || !Avx512F.IsSupported)
            return;
        CoreType = HasBFloat16Flag() ? "Cooperlake" : "SkylakeX";
        _ = setenv("OPENBLAS_CORETYPE", CoreType, 0);
    }

    // OpenMP's threads spin for milliseconds before they sleep. Where two processes share the processors, the threads that spin keep
    // those that compute from running: a step of a small model took 110 ms in place of 11. A thousand turns are some microseconds.
    private static void WaitPolitely()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = setenv("GOMP_SPINCOUNT", "1000", 0);
    }

    private static bool HasBFloat16Flag()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/cpuinfo"))
            {
                if (line.StartsWith("flags", StringComparison.Ordinal))
                    return line.Contains(" avx512_bf16", StringComparison.Ordinal);
            }
        }
        catch (IOException)
        {
            return false;
        }
        return false;
    }

    // Scratch memory comes and goes each step: giving its pages back to the system and faulting them in again
    // costs time. This reaches only malloc's main arena; tensors themselves have the shim's caching allocator.
    private static void KeepBigBlocks()
    {
        if (!OperatingSystem.IsLinux() || UsesDefaultMalloc)
            return;
        try
        {
            _ = mallopt(MmapMax, 0);
            _ = mallopt(TrimThreshold, int.MaxValue);
            _ = mallopt(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library (musl) has no mallopt; its defaults hold.
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Native.Library)
            return 0;
        var file = Path.Combine(AppContext.BaseDirectory, $"lib{Native.Library}.so");
        if (!File.Exists(file))
            throw new DllNotFoundException($"{file} is missing. Make it: build/native.sh {AppContext.BaseDirectory} (a build of the solution runs it by itself).");
        return NativeLibrary.Load(file);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
