using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Recipes;

/// <summary>Reads a recipe strictly: unknown fields, unknown kinds and mistyped values are all reported, each with its JSON path, before anything is built.</summary>
public static class RecipeReader
{
    /// <summary>The recipe, which also satisfies <see cref="RecipeRules"/>.</summary>
    /// <exception cref="RecipeInvalidException">With every fault.</exception>
    public static RunRecipe Read(string json)
    {
        var root = Parse(json);
        var faults = new List<Fault>();
        Check(root, typeof(RunRecipe), "$", faults);
        if (faults.Count > 0)
            throw new RecipeInvalidException([.. faults, .. RuleFaultsOfTheRest(root, faults)]);
        var recipe = root.Deserialize<RunRecipe>(LabJson.Options)!;
        var broken = RecipeRules.Faults(recipe);
        return broken.Count == 0 ? recipe : throw new RecipeInvalidException(broken);
    }

    /// <summary>What the rules say of a faulty recipe once its faulty fields are left out; nothing when no recipe is left without them.</summary>
    private static IReadOnlyList<Fault> RuleFaultsOfTheRest(JsonNode root, List<Fault> faults)
    {
        var rest = root.DeepClone();
        foreach (var fault in faults)
            Remove(rest, fault.Path.Split('.')[1..]);
        try
        {
            var known = faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
            return [.. RecipeRules.Faults(rest.Deserialize<RunRecipe>(LabJson.Options)!).Where(fault => !known.Contains(fault.Path))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void Remove(JsonNode root, string[] path)
    {
        // An object of unknown kind goes as a whole.
        if (path is [.., _, "kind"])
            path = path[..^1];
        var parent = path.SkipLast(1).Aggregate((JsonNode?)root, (node, name) => (node as JsonObject)?[name]);
        if (parent is JsonObject fields && path.Length > 0)
            fields.Remove(path[^1]);
    }

    /// <summary>The JSON as it is; a fault when it is none, is null or has a property twice.</summary>
    internal static JsonNode Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })
                ?? throw new RecipeInvalidException([new Fault("$", "is null; a recipe is a JSON object.")]);
        }
        catch (JsonException e)
        {
            throw new RecipeInvalidException([new Fault("$", $"is not valid JSON: {e.Message}")]);
        }
    }

    private static void Check(JsonNode? node, Type type, string path, List<Fault> faults)
    {
        var info = LabJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (info.Kind == JsonTypeInfoKind.Object && node is not null)
            CheckObject(node, info, path, faults);
        else
            CheckValue(node, type, path, faults);
    }

    private static void CheckObject(JsonNode node, JsonTypeInfo info, string path, List<Fault> faults)
    {
        if (node is not JsonObject fields)
        {
            faults.Add(new Fault(path, $"must be an object, not {Shown(node)}."));
            return;
        }
        var discriminator = info.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (discriminator is not null)
        {
            var kinds = info.PolymorphismOptions!.DerivedTypes;
            var kind = fields[discriminator] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            var chosen = kinds.FirstOrDefault(derived => (string?)derived.TypeDiscriminator == kind);
            if (kind is null || chosen.DerivedType is null)
            {
                faults.Add(new Fault($"{path}.{discriminator}", $"{(kind is null ? "is missing" : $"\"{kind}\" is unknown")}; choose one of {string.Join(", ", kinds.Select(k => k.TypeDiscriminator))}."));
                return;
            }
            info = LabJson.Options.GetTypeInfo(chosen.DerivedType);
        }
        CheckFields(fields, info, discriminator, path, faults);
    }

    private static void CheckFields(JsonObject fields, JsonTypeInfo info, string? discriminator, string path, List<Fault> faults)
    {
        var known = info.Properties.ToList();
        foreach (var (name, value) in fields)
        {
            if (name == discriminator)
                continue;
            var property = known.Find(candidate => candidate.Name == name);
            if (property is null)
                faults.Add(new Fault($"{path}.{name}", $"is not a field here{Suggestion(name, known)}. Fields: {string.Join(", ", known.Select(p => p.Name))}."));
            else if (value is null && !property.IsSetNullable)
                faults.Add(new Fault($"{path}.{name}", "must not be null; leave it out for the default."));
            else if (value is not null)
                Check(value, property.PropertyType, $"{path}.{name}", faults);
        }
        foreach (var missing in known.Where(property => property.IsRequired && !fields.ContainsKey(property.Name)))
            faults.Add(new Fault($"{path}.{missing.Name}", "is missing."));
    }

    private static void CheckValue(JsonNode? node, Type type, string path, List<Fault> faults)
    {
        try
        {
            node.Deserialize(type, LabJson.Options);
        }
        catch (JsonException)
        {
            faults.Add(new Fault(path, $"{Shown(node)} is not {Expected(type)}."));
        }
    }

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
