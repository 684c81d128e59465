using SparseRobust.Torch.Scopes;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Scopes;

public sealed class TensorMemoryTests
{
    private const long Mebibyte = 1 << 20;

    // What stays of a freed block of 8 MiB while a tensor of so many bytes lives.
    private static long CachedBeside(long bytes)
    {
        TensorMemory.Release();
        empty([8 * Mebibyte], ScalarType.Byte).Dispose();
        using var tensor = empty([bytes], ScalarType.Byte);
        var cached = TensorMemory.CachedBytes;
        return cached;
    }

    [Fact]
    public void A_freed_block_serves_tensors_of_more_than_half_its_size()
    {
        Assert.InRange(CachedBeside(7), 8 * Mebibyte, 10 * Mebibyte);
        Assert.Equal(0, CachedBeside(8 * Mebibyte));
        Assert.Equal(0, CachedBeside(5 * Mebibyte));
        Assert.InRange(CachedBeside(3 * Mebibyte), 8 * Mebibyte, 10 * Mebibyte);
        Assert.InRange(CachedBeside(12 * Mebibyte), 8 * Mebibyte, 10 * Mebibyte);
    }

    [Fact]
    public void Tensors_of_many_sizes_share_the_blocks_of_the_largest()
    {
        TensorMemory.Release();
        for (var bytes = 8 * Mebibyte; bytes > 4 * Mebibyte; bytes -= 100_000)
            empty([bytes], ScalarType.Byte).Dispose();
        Assert.InRange(TensorMemory.CachedBytes, 8 * Mebibyte, 10 * Mebibyte);
        TensorMemory.Release();
        Assert.Equal(0, TensorMemory.CachedBytes);
    }
}
