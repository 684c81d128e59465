using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Recipes;

/// <summary>An axis along which recipes differ in kind, named by the field that holds it: task, model, objective.</summary>
/// <param name="Name">The field's name in JSON.</param>
/// <param name="Documentation">The abstract spec's documentation as plain text.</param>
/// <param name="Source">Paper and section, where the documentation names them.</param>
/// <param name="Variants">In the order of the discriminator list.</param>
public sealed record CatalogAxis(
    string Name,
    string Documentation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    IReadOnlyList<CatalogVariant> Variants);
