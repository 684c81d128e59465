using System.Text.Json;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>What is entered about a finished stage's files.</summary>
internal sealed record StageFiles(IReadOnlyList<ArtifactRow> Artifacts, IReadOnlyList<MaskMatrixRow> Matrices)
{
    public bool HasModel => Artifacts.Any(file => file.Name == "model.safetensors");

    /// <summary>Reads and hashes every file: seconds for a large model, so hold no lock meanwhile. A finished stage's files never change.</summary>
    public static StageFiles Read(string stageHash, string folder)
    {
        var artifacts = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path => new ArtifactRow
        {
            StageHash = stageHash,
            Name = Path.GetFileName(path),
            Sha256 = ContentHash.OfFile(path),
            Size = new FileInfo(path).Length,
        });
        var masks = Path.Combine(folder, MaskFile.Name);
        return new StageFiles([.. artifacts], File.Exists(masks) ? [.. MatricesOf(stageHash, masks)] : []);
    }

    private static IEnumerable<MaskMatrixRow> MatricesOf(string stageHash, string path) =>
        MaskFile.Load(path).Matrices.Select(matrix => new MaskMatrixRow
        {
            StageHash = stageHash,
            Name = matrix.Id.Name,
            Layer = matrix.Id.Layer,
            Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(matrix.Id.Kind.ToString()),
            Rows = matrix.Rows,
            Columns = matrix.Columns,
            Kept = matrix.Kept,
            Sha256 = ContentHash.Of(matrix.Bits.Span),
        });
}
