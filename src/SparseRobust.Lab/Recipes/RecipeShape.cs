using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Recipes;

/// <summary>Checks a recipe's JSON against the types that it is to become, without building them: every fault at once, each with its path.</summary>
internal sealed class RecipeShape
{
    private readonly List<Fault> _faults = [];

    /// <summary>What is unknown, missing, null or mistyped; empty when a recipe can be built.</summary>
    public static IReadOnlyList<Fault> Faults(JsonNode root)
    {
        var shape = new RecipeShape();
        shape.Check(root, typeof(RunRecipe), "$");
        return shape._faults;
    }

    private void Check(JsonNode? node, Type type, string path)
    {
        var info = LabJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (info.Kind != JsonTypeInfoKind.Object || node is null)
            CheckValue(node, type, path);
        else if (node is not JsonObject fields)
            Add(path, $"must be an object, not {Shown(node)}.");
        else if (info.PolymorphismOptions is not { } kinds)
            CheckFields(fields, info, path);
        else if (Chosen(fields, kinds, path) is { } kind)
            CheckFields(fields, LabJson.Options.GetTypeInfo(kind), path, kinds.TypeDiscriminatorPropertyName);
    }

    // The type of the kind that an object names; null, and a fault, when it names none.
    private Type? Chosen(JsonObject fields, JsonPolymorphismOptions kinds, string path)
    {
        var discriminator = kinds.TypeDiscriminatorPropertyName;
        var kind = fields[discriminator] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        var chosen = kind is null ? null : kinds.DerivedTypes.FirstOrDefault(derived => (string?)derived.TypeDiscriminator == kind).DerivedType;
        if (chosen is null)
            Add($"{path}.{discriminator}", $"{(kind is null ? "is missing" : $"\"{kind}\" is unknown")}; choose one of {string.Join(", ", kinds.DerivedTypes.Select(k => k.TypeDiscriminator))}.");
        return chosen;
    }

    private void CheckFields(JsonObject fields, JsonTypeInfo info, string path, string? discriminator = null)
    {
        var known = info.Properties.ToList();
        foreach (var (name, value) in fields)
        {
            if (name == discriminator)
                continue;
            var property = known.Find(candidate => candidate.Name == name);
            if (property is null)
                Add($"{path}.{name}", $"is not a field here{Suggestion(name, known)}. Fields: {string.Join(", ", known.Select(p => p.Name))}.");
            else if (value is null && !property.IsSetNullable)
                Add($"{path}.{name}", "must not be null; leave it out for the default.");
            else if (value is not null)
                Check(value, property.PropertyType, $"{path}.{name}");
        }
        foreach (var missing in known.Where(property => property.IsRequired && !fields.ContainsKey(property.Name)))
            Add($"{path}.{missing.Name}", "is missing.");
    }

    private void CheckValue(JsonNode? node, Type type, string path)
    {
        try
        {
            node.Deserialize(type, LabJson.Options);
        }
        catch (JsonException)
        {
            Add(path, $"{Shown(node)} is not {Expected(type)}.");
        }
    }

    private void Add(string path, string message) => _faults.Add(new Fault(path, message));

    private static string Shown(JsonNode? node) => node?.ToJsonString() ?? "null";

    private static string Expected(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        return Type.GetTypeCode(plain) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a string",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Double => "a number",
            _ => $"a {plain.Name}",
        };
    }

    private static string Suggestion(string name, List<JsonPropertyInfo> known)
    {
        var nearest = known.MinBy(property => Distance(name, property.Name));
        return nearest is not null && Distance(name, nearest.Name) <= Math.Max(2, name.Length / 3) ? $"; did you mean {nearest.Name}" : "";
    }

    // Levenshtein distance.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)), row[j]);
        }
        return row[^1];
    }
}
