namespace SparseRobust.Lab.Checkpoints;

/// <summary>A tensor in a file of weights, of whichever format.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">Element type, by safetensors' names (<see cref="SafetensorsType"/>).</param>
/// <param name="Shape">Dimensions, none negative; empty for a scalar.</param>
internal sealed record StoredTensor(string Name, string DType, IReadOnlyList<long> Shape)
{
    /// <summary>Type and shape, for messages.</summary>
    public override string ToString() => $"{DType} {Shown(Shape)}";

    /// <summary>A shape, for messages.</summary>
    public static string Shown(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
