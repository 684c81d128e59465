using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class EngineTests
{
    [Fact]
    public void The_start_up_line_names_library_kernels_and_threads() =>
        Assert.Matches(
            @"^LibTorch \d+\.\d+\S*, BLAS \S+, core type \S+, fused kernels (default|avx2|avx512), \d+ threads on \d+ processors(, CUDA)?$",
            Engine.Report().Summary);
}
