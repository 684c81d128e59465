using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch.Scopes;

/// <summary>The memory on the processor that disposed tensors leave behind for the next ones. Thread-safe.</summary>
/// <remarks>SPARSEROBUST_MALLOC=default in the environment gives tensors LibTorch's own allocator instead.</remarks>
public static class TensorMemory
{
    /// <summary>Bytes kept for reuse.</summary>
    public static long CachedBytes => Native.sr_cached_bytes();

    /// <summary>Gives the memory kept for reuse back to the system, as after a training run.</summary>
    public static void Release() => Native.sr_release_cache();
}
