using System.Text.Json;
using System.Text.Json.Nodes;
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
        var faults = RecipeShape.Faults(root);
        if (faults.Count > 0)
            throw new RecipeInvalidException([.. faults, .. RuleFaultsOfTheRest(root, faults)]);
        var recipe = root.Deserialize<RunRecipe>(LabJson.Options)!;
        var broken = RecipeRules.Faults(recipe);
        return broken.Count == 0 ? recipe : throw new RecipeInvalidException(broken);
    }

    /// <summary>What the rules say of a faulty recipe once its faulty fields are left out; nothing when no recipe is left without them.</summary>
    private static IReadOnlyList<Fault> RuleFaultsOfTheRest(JsonNode root, IReadOnlyList<Fault> faults)
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
}
