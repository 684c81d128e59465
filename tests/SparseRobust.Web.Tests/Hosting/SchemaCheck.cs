using System.Globalization;
using System.Text.Json;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>Checks values against the schemas of an OpenAPI document, by the keywords that ours uses; any other keyword is refused, so that none is passed over.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] Notes = ["description", "title", "default", "format", "example"];

    /// <summary>The element at a JSON pointer such as #/paths/~1predict/post.</summary>
    public JsonElement At(string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(document, (place, name) => place.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));

    /// <summary>What is wrong with a value; empty when it fits.</summary>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value, string path = "$") =>
        [.. schema.EnumerateObject().Where(keyword => !Notes.Contains(keyword.Name)).SelectMany(keyword => Faults(schema, keyword, value, path))];

    private IEnumerable<string> Faults(JsonElement schema, JsonProperty keyword, JsonElement value, string path) => keyword.Name switch
    {
        "$ref" => Faults(At(keyword.Value.GetString()!), value, path),
        "type" => Unless(Words(keyword.Value).Any(type => IsOf(type, value)), $"{path} is {value.ValueKind}, not {keyword.Value}"),
        "enum" => Unless(keyword.Value.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)), $"{path} is {value}, none of {keyword.Value}"),
        "oneOf" => Unless(Fitting(keyword.Value, value, path) == 1, $"{path} fits {Fitting(keyword.Value, value, path)} of {keyword.Value}"),
        "anyOf" => Unless(Fitting(keyword.Value, value, path) > 0, $"{path} fits none of {keyword.Value}"),
        "discriminator" => value.ValueKind != JsonValueKind.Object ? [] : Chosen(keyword.Value, value) is { } chosen ? Faults(At(chosen), value, path) : [$"{path} is none of {keyword.Value}"],
        "allOf" => keyword.Value.EnumerateArray().SelectMany(each => Faults(each, value, path)),
        "minLength" => Unless(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(), $"{path} is too short"),
        "pattern" => Unless(value.ValueKind != JsonValueKind.String || System.Text.RegularExpressions.Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"{path} does not match {keyword.Value}"),
        "minItems" => Unless(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(), $"{path} has too few items"),
        "maxItems" => Unless(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32(), $"{path} has too many items"),
        "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().Index().SelectMany(item => Faults(keyword.Value, item.Item, string.Create(CultureInfo.InvariantCulture, $"{path}[{item.Index}]"))),
        "required" => value.ValueKind != JsonValueKind.Object ? [] : Words(keyword.Value).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}.{name} is missing"),
        "properties" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateObject().Where(member => value.TryGetProperty(member.Name, out _)).SelectMany(member => Faults(member.Value, value.GetProperty(member.Name), $"{path}.{member.Name}")),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object ? [] : Others(schema, value).SelectMany(member => keyword.Value.ValueKind == JsonValueKind.False ? [$"{path}.{member.Name} is unknown"] : Faults(keyword.Value, member.Value, $"{path}.{member.Name}")),
        _ => throw new NotSupportedException($"The keyword {keyword.Name} at {path} is not checked here."),
    };

    private static string? Chosen(JsonElement discriminator, JsonElement value) =>
        value.TryGetProperty(discriminator.GetProperty("propertyName").GetString()!, out var kind) && discriminator.GetProperty("mapping").TryGetProperty(kind.GetString()!, out var schema) ? schema.GetString() : null;

    private int Fitting(JsonElement schemas, JsonElement value, string path) => schemas.EnumerateArray().Count(schema => Faults(schema, value, path).Count == 0);

    private static IEnumerable<JsonProperty> Others(JsonElement schema, JsonElement value) =>
        value.EnumerateObject().Where(member => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out _)));

    private static IEnumerable<string> Words(JsonElement words) => words.ValueKind == JsonValueKind.String ? [words.GetString()!] : words.EnumerateArray().Select(word => word.GetString()!);

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"There is no type {type}."),
    };

    private static IEnumerable<string> Unless(bool holds, string fault) => holds ? [] : [fault];
}
