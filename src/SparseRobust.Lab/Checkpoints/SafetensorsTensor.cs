namespace SparseRobust.Lab.Checkpoints;

/// <summary>A tensor to be written into a safetensors file.</summary>
/// <param name="Name">Its name; not empty, not "__metadata__".</param>
/// <param name="DType">Element type as the file names it (<see cref="SafetensorsType"/>).</param>
/// <param name="Shape">Dimensions, none negative; empty for a scalar.</param>
/// <param name="Write">Writes exactly the tensor's bytes, little-endian and row-major. Called once, in the file's order, so that
/// no more than one tensor need be in memory.</param>
public sealed record SafetensorsTensor(string Name, string DType, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    /// <summary>A tensor whose bytes are in memory.</summary>
    public static SafetensorsTensor Of(string name, string dtype, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
        => new(name, dtype, shape, stream => stream.Write(bytes.Span));
}
