using System.Text.Json;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Serving;

namespace SparseRobust.Web.Artifacts;

/// <summary>What is entered about a finished stage's files.</summary>
/// <param name="Artifacts">Every file.</param>
/// <param name="Matrices">The masks, when there are some.</param>
/// <param name="HasModel">Whether they are a model that can answer; one that was only pre-trained cannot.</param>
internal sealed record StageFiles(IReadOnlyList<ArtifactRow> Artifacts, IReadOnlyList<MaskMatrixRow> Matrices, bool HasModel)
{

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
        return new StageFiles([.. artifacts], File.Exists(masks) ? [.. MatricesOf(stageHash, masks)] : [], Predictor.CanServe(folder));
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
