using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A file of weights: what is in it at once, a tensor's numbers on demand.</summary>
internal abstract class WeightsFile : IDisposable
{
    /// <summary>Everything in the file; each is known to lie inside it.</summary>
    public abstract IReadOnlyCollection<StoredTensor> Tensors { get; }

    /// <summary>Opens a file by its ending: .safetensors, or .bin for PyTorch's.</summary>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt, naming what is wrong.</exception>
    public static WeightsFile Open(string path) => path.EndsWith(".bin", StringComparison.Ordinal) ? TorchFile.Open(path) : TensorFile.Open(path);

    /// <summary>A tensor's numbers in the type they are stored in, contiguous, on the CPU.</summary>
    /// <exception cref="LabException">ArtifactCorrupt when there is no such tensor, its type is not read here, or the file was cut since it was opened.</exception>
    public abstract Tensor Read(string name);

    public abstract void Dispose();
}
