using System.Runtime.InteropServices;

namespace SparseRobust.Torch.Interop;

/// <summary>What the process computes with, and what makes it slower than it could be. For the start-up check.</summary>
/// <param name="TorchVersion">LibTorch's version.</param>
/// <param name="Blas">The library behind single-precision products: openblas-openmp, openblas-pthread, openblas-serial, blis, mkl, reference or unknown.</param>
/// <param name="CoreType">The kernels that OpenBLAS was told to use, or null when it chooses by itself.</param>
/// <param name="CpuCapability">The instruction set of our fused operators: default, avx2 or avx512. SPARSEROBUST_CPU_CAPABILITY forces one.</param>
/// <param name="Threads">The threads of an operation.</param>
/// <param name="Processors">The processors that the process may use.</param>
/// <param name="CudaAvailable">Whether a GPU can be used.</param>
/// <param name="Warnings">Each with the command that mends it; empty when all is well.</param>
public sealed record RuntimeReport(
    string TorchVersion,
    string Blas,
    string? CoreType,
    string CpuCapability,
    int Threads,
    int Processors,
    bool CudaAvailable,
    IReadOnlyList<string> Warnings)
{
    private const string Advice =
        "apt-get install libopenblas0-openmp && update-alternatives --set libblas.so.3-x86_64-linux-gnu "
        + "/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3";

    private static readonly Lazy<RuntimeReport> First = new(Create);

    /// <summary>The report of the process's first look at itself. Thread-safe.</summary>
    public static RuntimeReport Current => First.Value;

    /// <summary>One line without the warnings.</summary>
    /// <returns>Version, BLAS and its kernels, the instruction set of our own, threads and GPU.</returns>
    public override string ToString() =>
        $"LibTorch {TorchVersion}, BLAS {Blas}, core type {CoreType ?? "automatic"}, fused kernels {CpuCapability}, "
        + $"{Threads} threads on {Processors} processors{(CudaAvailable ? ", CUDA" : string.Empty)}";

    /// <summary>Loads LibTorch, if need be, and looks at the process. Thread-safe.</summary>
    /// <returns>The report.</returns>
    /// <exception cref="DllNotFoundException">The shim or LibTorch is missing.</exception>
    public static RuntimeReport Create()
    {
        Load();
        var blas = Flavour(MappedLibraries(), torch.show_config());
        var threads = torch.get_num_threads();
        var capability = Capability();
        return new RuntimeReport(
            torch.__version__,
            blas,
            NativeEnvironment.CoreType,
            capability,
            threads,
            Environment.ProcessorCount,
            torch.cuda_is_available(),
            [
                .. Warn(blas, NativeEnvironment.CoreType, NativeEnvironment.WantsAvx512, threads, Environment.ProcessorCount),
                .. WarnOfCapability(Environment.GetEnvironmentVariable("SPARSEROBUST_CPU_CAPABILITY"), capability),
            ]);
    }

    // Here, not in Native: its static constructor runs, and fails, before any method of its own begins.
    private static void Load()
    {
        try
        {
            Native.Load();
        }
        catch (TypeInitializationException e) when (e.InnerException is DllNotFoundException missing)
        {
            throw new DllNotFoundException(missing.Message, e);
        }
    }

    internal static IEnumerable<string> WarnOfCapability(string? wanted, string used) => string.IsNullOrEmpty(wanted) || wanted == used
        ? []
        : [$"SPARSEROBUST_CPU_CAPABILITY={wanted} is not default, avx2 or avx512, or this processor lacks it; {used} is used. Mend it: unset SPARSEROBUST_CPU_CAPABILITY"];

    private static unsafe string Capability()
    {
        Native.Check(Native.sr_cpu_capability(out var name));
        return Native.Text(name);
    }

    internal static string Flavour(IEnumerable<string> libraries, string config)
    {
        var all = libraries.ToList();
        bool Mapped(string part) => all.Exists(l => l.Contains(part, StringComparison.Ordinal));
        if (Mapped("libmkl") || config.Contains("BLAS_INFO=mkl", StringComparison.OrdinalIgnoreCase))
            return "mkl";
        if (Mapped("openblas-openmp") || Mapped("libopenblasp-openmp"))
            return "openblas-openmp";
        if (Mapped("openblas-pthread"))
            return "openblas-pthread";
        if (Mapped("openblas-serial"))
            return "openblas-serial";
        if (Mapped("blis"))
            return "blis";
        return Mapped("/blas/libblas") || Mapped("libblas.so.3.") ? "reference" : "unknown";
    }

    internal static IReadOnlyList<string> Warn(string blas, string? coreType, bool avx512, int threads, int processors)
    {
        var warnings = new List<string>();
        if (blas is "reference" or "blis" or "openblas-pthread" or "openblas-serial")
            warnings.Add($"The BLAS library is {blas}, several times slower than OpenBLAS with OpenMP. Mend it: {Advice}");
        if (avx512 && coreType is not null and not ("SkylakeX" or "Cooperlake" or "SapphireRapids"))
            warnings.Add($"OPENBLAS_CORETYPE={coreType} leaves AVX-512 unused. Mend it: unset OPENBLAS_CORETYPE");
        if (threads > processors)
            warnings.Add($"{threads} threads on {processors} processors fight each other. Mend it: export SPARSEROBUST_THREADS={processors}");
        return warnings;
    }

    private static List<string> MappedLibraries()
    {
        const string Maps = "/proc/self/maps";
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || !File.Exists(Maps))
            return [];
        return File.ReadLines(Maps)
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => path.Contains("blas", StringComparison.Ordinal) || path.Contains("blis", StringComparison.Ordinal)
                || path.Contains("libmkl", StringComparison.Ordinal))
            .Distinct()
            .ToList();
    }
}
