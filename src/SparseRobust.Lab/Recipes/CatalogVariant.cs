using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Recipes;

/// <summary>One kind of a polymorphic spec: one objective, one pruning method, one task.</summary>
/// <param name="Kind">The word in the member "kind".</param>
/// <param name="Documentation">The type's documentation as plain text.</param>
/// <param name="Source">Paper and section, where the documentation names them.</param>
/// <param name="Fields">Beside "kind", in the order of the code.</param>
public sealed record CatalogVariant(
    string Kind,
    string Documentation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    IReadOnlyList<CatalogField> Fields);
