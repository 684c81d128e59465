using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Recipes;

/// <summary>A record of a recipe.</summary>
/// <param name="Documentation">The type's documentation as plain text.</param>
/// <param name="Source">Paper and section, where the documentation names them.</param>
/// <param name="Fields">In the order of the code.</param>
public sealed record CatalogObject(
    string Documentation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    IReadOnlyList<CatalogField> Fields);
