using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Recipes;

/// <summary>From a recipe's JSON, written in full, to the flat fields of a form.</summary>
internal static class DraftWriter
{
    public static IReadOnlyDictionary<string, string?> Write(JsonObject json, CatalogObject root)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        Write(json, root.Fields, "", texts);
        return texts;
    }

    private static void Write(JsonObject json, IReadOnlyList<CatalogField> fields, string prefix, Dictionary<string, string?> texts)
    {
        foreach (var field in fields)
            Write(json[field.Name], field, prefix + field.Name, texts);
    }

    private static void Write(JsonNode? node, CatalogField field, string name, Dictionary<string, string?> texts)
    {
        if (!field.IsRecord)
        {
            texts[name] = node is null && field.Default is not null ? DraftWords.Null : Text(node);
            return;
        }
        if (field.IsNullable)
            texts[$"{name}.{DraftWords.Present}"] = node is null ? "false" : "true";
        if (node is JsonObject inner)
            Write(inner, FieldsOf(inner, field, name, texts), name + ".", texts);
    }

    private static IReadOnlyList<CatalogField> FieldsOf(JsonObject node, CatalogField field, string name, Dictionary<string, string?> texts)
    {
        if (field.Fields is { } fields)
            return fields;
        var kind = node[DraftWords.Kind]?.GetValue<string>();
        texts[$"{name}.{DraftWords.Kind}"] = kind;
        return field.Variants?.FirstOrDefault(variant => variant.Kind == kind)?.Fields
            ?? throw new LabException(ProblemCode.RecipeInvalid, $"$.{name} nests a spec in itself, which a form cannot show; edit this recipe as JSON.");
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonArray items => string.Join(", ", items.Select(Text)),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
