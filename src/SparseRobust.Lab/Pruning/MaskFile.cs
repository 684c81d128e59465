using System.Globalization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Pruning;

/// <summary>A mask set in one safetensors file: a U8 tensor of packed bits for each matrix, with shape, kept count and kind in the metadata.</summary>
public static class MaskFile
{
    /// <summary>The file's name in a stage's folder.</summary>
    public const string Name = "masks.safetensors";

    /// <summary>Writes atomically.</summary>
    public static void Save(string path, MaskSet masks)
    {
        List<SafetensorsTensor> tensors = [.. masks.Matrices.Select(matrix => SafetensorsTensor.Of(matrix.Id.Name, "U8", [matrix.Bits.Length], matrix.Bits))];
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["format"] = "sparserobust-masks-1" };
        foreach (var matrix in masks.Matrices)
            metadata[matrix.Id.Name] = string.Create(CultureInfo.InvariantCulture, $"{matrix.Id.Kind} {matrix.Id.Layer} {matrix.Rows} {matrix.Columns} {matrix.Kept}");
        DurableFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata), SafetensorsWriter.SizeOf(tensors, metadata));
    }

    /// <summary>Reads and verifies: every count must agree with its bits.</summary>
    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt.</exception>
    public static MaskSet Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return new MaskSet([.. file.Entries.Select(entry => Read(path, file, entry))]);
    }

    private static MatrixMask Read(string path, SafetensorsFile file, SafetensorsEntry entry)
    {
        var fields = file.Metadata.GetValueOrDefault(entry.Name, "").Split(' ');
        if (fields.Length != 5 || !Enum.TryParse<MatrixKind>(fields[0], out var kind) || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var layer)
            || !long.TryParse(fields[2], CultureInfo.InvariantCulture, out var rows) || !long.TryParse(fields[3], CultureInfo.InvariantCulture, out var columns)
            || !long.TryParse(fields[4], CultureInfo.InvariantCulture, out var kept) || (rows * columns + 7) / 8 != entry.Length)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: the mask of \"{entry.Name}\" has no valid description; it is not a mask file of ours.");
        var bits = new byte[entry.Length];
        file.Read(entry.Name, bits);
        var set = bits.Sum(b => (long)System.Numerics.BitOperations.PopCount(b));
        return set == kept
            ? new MatrixMask(new MatrixId(kind, layer, entry.Name), rows, columns, bits, kept)
            : throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: the mask of \"{entry.Name}\" says it keeps {kept} weights but has {set} bits set.");
    }
}
