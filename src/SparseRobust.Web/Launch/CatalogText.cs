using System.Text.Json.Nodes;

namespace SparseRobust.Web.Launch;

/// <summary>A value of the catalogue as a form shows it.</summary>
internal static class CatalogText
{
    public static string? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonArray items => string.Join(", ", items.Select(Of)),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
