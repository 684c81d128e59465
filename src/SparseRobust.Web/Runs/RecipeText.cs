using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SparseRobust.Web.Runs;

/// <summary>A recipe for reading: indented, each object's kind first, then its own fields, then the objects in it. The database keeps no order.</summary>
internal static class RecipeText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string json) => Ordered(JsonNode.Parse(json))!.ToJsonString(Indented);

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderByDescending(member => member.Key == "kind").ThenBy(member => member.Value is JsonObject).ThenBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
