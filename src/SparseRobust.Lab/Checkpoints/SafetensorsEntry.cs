namespace SparseRobust.Lab.Checkpoints;

/// <summary>Where a tensor lies in a safetensors file, and what it is.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">Element type as the file names it (<see cref="SafetensorsType"/>).</param>
/// <param name="Shape">Dimensions, none negative; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes; equals the shape's product times the element's size.</param>
public sealed record SafetensorsEntry(string Name, string DType, IReadOnlyList<long> Shape, long Offset, long Length);
