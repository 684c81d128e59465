using System.Globalization;
using System.Text.Json.Nodes;

namespace SparseRobust.Lab.Recipes;

/// <summary>The text of one value in a form.</summary>
internal static class FieldText
{
    /// <summary>The value; or null, and then what is wrong with the text.</summary>
    public static JsonNode? Parse(CatalogField field, string text, out string? fault)
    {
        fault = null;
        JsonNode? value = field.Type switch
        {
            CatalogType.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            CatalogType.Integer => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            CatalogType.Boolean => Boolean(text) is { } flag ? flag : null,
            CatalogType.Choice => field.Choices!.Contains(text.Trim()) ? text.Trim() : null,
            CatalogType.List => List(field.Items!, text, out fault),
            _ => text,
        };
        if (value is null)
            fault ??= $"\"{text}\" is not {Expected(field)}.";
        return value;
    }

    /// <summary>True, on or false in any case; null for anything else.</summary>
    public static bool? Boolean(string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "ON" => true,
        "FALSE" => false,
        _ => null,
    };

    private static JsonArray? List(CatalogField items, string text, out string? fault)
    {
        var values = new JsonArray();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Parse(items, item, out fault) is not { } value)
                return null;
            values.Add(value);
        }
        fault = null;
        return values;
    }

    private static string Expected(CatalogField field) => field.Type switch
    {
        CatalogType.Number => "a finite number, such as 0.7 or 7e-4",
        CatalogType.Integer => "a whole number",
        CatalogType.Boolean => "true or false",
        _ => "one of " + string.Join(", ", field.Choices!),
    };
}
