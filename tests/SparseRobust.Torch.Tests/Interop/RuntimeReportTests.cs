using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Tests.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Interop;

public class RuntimeReportTests
{
    [Fact]
    public void A_report_names_what_the_process_computes_with()
    {
        using (NewDisposeScope())
            ones([4, 4]).matmul(ones([4, 4]));
        var report = RuntimeReport.Create();
        Assert.Matches(@"^\d+\.\d+", report.TorchVersion);
        Assert.NotEqual("unknown", report.Blas);
        Assert.True(report.Threads >= 1);
    }

    [Fact]
    public void The_line_names_the_instruction_set_that_the_fused_kernels_run_with()
    {
        var lines = CpuCapability.Each(() => RuntimeReport.Create().ToString()).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains($", fused kernels {line.Name}, ", line.Result, StringComparison.Ordinal));
        Assert.Equal(
            "LibTorch 2.4, BLAS mkl, core type automatic, fused kernels avx2, 3 threads on 4 processors, CUDA",
            new RuntimeReport("2.4", "mkl", null, "avx2", 3, 4, true, []).ToString());
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3", "openblas-openmp")]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", "openblas-pthread")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.3", "blis")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "reference")]
    [InlineData("/usr/lib/libc.so.6", "unknown")]
    public void The_blas_flavour_is_read_from_the_mapped_libraries(string path, string flavour) =>
        Assert.Equal(flavour, RuntimeReport.Flavour([path], string.Empty));

    [Fact]
    public void Each_fault_has_a_warning_with_its_remedy()
    {
        Assert.Empty(RuntimeReport.Warn("openblas-openmp", "SkylakeX", true, 2, 2));
        Assert.Contains("update-alternatives", Assert.Single(RuntimeReport.Warn("openblas-pthread", "SkylakeX", true, 2, 2)));
        Assert.Contains("unset OPENBLAS_CORETYPE", Assert.Single(RuntimeReport.Warn("openblas-openmp", "Haswell", true, 2, 2)));
        Assert.Contains("SPARSEROBUST_THREADS=2", Assert.Single(RuntimeReport.Warn("openblas-openmp", null, false, 8, 2)));
    }

    [Fact]
    public void The_number_of_threads_reaches_threads_that_have_computed_before()
    {
        var before = get_num_threads();
        using var set = new ManualResetEventSlim();
        using var ready = new ManualResetEventSlim();
        var seen = 0;
        var thread = new Thread(() =>
        {
            get_num_threads();
            ready.Set();
            set.Wait();
            seen = get_num_threads();
        });
        thread.Start();
        ready.Wait();
        set_num_threads(3);
        set.Set();
        thread.Join();
        set_num_threads(before);
        Assert.Equal(3, seen);
    }
}
