using System.Text.Json.Nodes;

namespace SparseRobust.Web.Runs;

/// <summary>What people call a cell of a grid: "sparsity 0.7, objective product-of-experts".</summary>
internal static class GridNames
{
    private const int LongestValue = 60;

    /// <param name="values">Value by dotted path; none gives an empty name.</param>
    public static string Of(IReadOnlyDictionary<string, JsonNode?> values)
    {
        var repeated = values.Keys.GroupBy(Last).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        return string.Join(", ", values.Select(value => $"{(repeated.Contains(Last(value.Key)) ? value.Key : Last(value.Key))} {Shown(value.Value)}"));
    }

    // "objective.kind" is the choice of the objective; "kind" would not say of what.
    private static string Last(string path)
    {
        var named = path.EndsWith(".kind", StringComparison.Ordinal) ? path[..^".kind".Length] : path;
        return named[(named.LastIndexOf('.') + 1)..];
    }

    // A whole spec goes by its kind and whatever else it says.
    private static string Shown(JsonNode? value)
    {
        var text = value switch
        {
            null => "null",
            JsonObject spec when spec["kind"] is JsonValue kind => string.Join(" ", spec.Where(field => field.Key != "kind").Select(field => $"{field.Key} {Shown(field.Value)}").Prepend(kind.ToString())),
            JsonValue plain => plain.ToString(),
            _ => value.ToJsonString(),
        };
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
