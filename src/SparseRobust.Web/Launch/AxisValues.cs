using System.Text.Json.Nodes;
using System.Text.Json;

namespace SparseRobust.Web.Launch;

/// <summary>The values of a sweep's axis as people write them: 0.5, 0.7 or cross-entropy, product-of-experts; or a JSON array, whose values may be whole specs.</summary>
internal static class AxisValues
{
    /// <summary>Null when the text begins as a JSON array and is none.</summary>
    public static JsonArray? Parse(string text)
    {
        if (text.TrimStart().StartsWith('['))
            return Read(text) as JsonArray;
        return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => Read(word) is JsonValue value ? value : JsonValue.Create(word))];
    }

    private static JsonNode? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
