using SparseRobust.Torch.Scopes;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Scopes;

public class TensorMemoryTests
{
    [Fact]
    public void Big_blocks_are_kept_reused_and_given_back()
    {
        TensorMemory.Release();
        Assert.Equal(0, TensorMemory.CachedBytes);
        zeros(1_000_000).Dispose();
        var kept = TensorMemory.CachedBytes;
        Assert.InRange(kept, 4_000_000, 4_600_000);
        using (var again = ones(990_000))
        {
            Assert.Equal(0, TensorMemory.CachedBytes);
            Assert.Equal(990_000, again.sum().ToSingle());
        }
        Assert.Equal(kept, TensorMemory.CachedBytes);
        TensorMemory.Release();
        Assert.Equal(0, TensorMemory.CachedBytes);
    }
}
