using System.Text.Json.Nodes;

namespace SparseRobust.Lab.Recipes;

/// <summary>One recipe of a grid.</summary>
/// <param name="Values">The value on each axis, by the axis's dotted path. Of recipes that several cells share, the first cell's.</param>
/// <param name="Recipe">The recipe with those values.</param>
public sealed record GridCell(IReadOnlyDictionary<string, JsonNode?> Values, RunRecipe Recipe);
