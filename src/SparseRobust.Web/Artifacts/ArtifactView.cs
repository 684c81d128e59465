namespace SparseRobust.Web.Artifacts;

/// <summary>A stored file as REST shows it; GET /api/v1/artifacts/{sha256} gives its contents.</summary>
/// <param name="Name">File name within its stage.</param>
/// <param name="Sha256">Of the contents.</param>
/// <param name="Size">Bytes.</param>
/// <param name="StageHash">Whose output it is.</param>
/// <param name="Stage">That stage's name; left out where it goes without saying.</param>
public sealed record ArtifactView(string Name, string Sha256, long Size, string StageHash, string? Stage = null)
{
    public static ArtifactView Of(ArtifactRow row) => new(row.Name, row.Sha256, row.Size, row.StageHash);
}
