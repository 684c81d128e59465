using System.Text.Json.Serialization;

namespace SparseRobust.Web.Artifacts;

/// <summary>The part of a stage's stage.json that an import checks.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record StageManifest
{
    public required string Stage { get; init; }

    public required string Hash { get; init; }

    /// <summary>SHA-256 of each file by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
}
