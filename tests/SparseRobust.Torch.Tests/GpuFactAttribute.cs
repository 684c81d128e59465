namespace SparseRobust.Torch.Tests;

/// <summary>A test that needs a GPU; skipped, with the reason, where there is none.</summary>
internal sealed class GpuFactAttribute : FactAttribute
{
    public GpuFactAttribute()
    {
        if (!torch.cuda_is_available())
            Skip = "No GPU here, or a LibTorch built without CUDA.";
    }
}
