using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;

namespace SparseRobust.Lab.Recipes;

/// <summary>Identity of a recipe and of a stage: SHA-256 over canonical JSON (keys sorted, defaults left out), the first 12 hex digits.</summary>
/// <remarks>The seed is outside a recipe's hash; a stage's hash holds it when the stage depends on it, with the hashes of its inputs, the SHA-256 of the data,
/// the vocabulary and what its bias model reads besides, the number type and <see cref="RunRecipe.SchemaVersion"/>. The device is recorded, not hashed (ADR 0006).</remarks>
public static class RecipeHash
{
    private const int Digits = 12;

    private static readonly JsonSerializerOptions Canonical = MakeCanonical();

    /// <summary>The 12 hex digits that name a recipe.</summary>
    public static string Of(RunRecipe recipe) =>
        Hash(new JsonObject { ["schema_version"] = RunRecipe.SchemaVersion, ["recipe"] = CanonicalNode(recipe) });

    /// <summary>The recipe as canonical JSON: what is written beside a run and what people share.</summary>
    public static string CanonicalJson(RunRecipe recipe) => Sorted(CanonicalNode(recipe))!.ToJsonString(LabJson.Options);

    internal static string Of(StageSpec stage, long seed, IReadOnlyList<string> identities, string? biasSource = null)
    {
        var fields = new JsonObject
        {
            ["schema_version"] = RunRecipe.SchemaVersion,
            ["stage"] = JsonSerializer.SerializeToNode(stage, Canonical),
            ["inputs"] = new JsonArray([.. stage.Inputs.Select(input => (JsonNode)Of(input, seed, identities, biasSource))]),
            ["data"] = new JsonArray([.. identities.Select(identity => (JsonNode)identity)]),
            ["seed"] = stage.UsesSeed ? seed : null,
            ["dtype"] = "float32",
        };
        if (stage.ReadsBiasSource)
            fields["bias_source"] = biasSource;
        return Hash(fields);
    }

    private static JsonNode? CanonicalNode(RunRecipe recipe) => JsonSerializer.SerializeToNode(recipe with { Bias = recipe.HashedBias }, Canonical);

    private static string Hash(JsonNode node) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(node)!.ToJsonString())))[..Digits];

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonSerializerOptions MakeCanonical()
    {
        var options = LabJson.Make();
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LabJson.LeaveOutComputed, LeaveOutInputs, LeaveOutDefaults } };
        return options;
    }

    // A stage's inputs enter its hash by their own hashes.
    private static void LeaveOutInputs(JsonTypeInfo info)
    {
        for (var i = info.Properties.Count - 1; i >= 0; i--)
            if (typeof(StageSpec).IsAssignableFrom(info.Properties[i].PropertyType))
                info.Properties.RemoveAt(i);
    }

    private static void LeaveOutDefaults(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.Type.IsAbstract || info.Type.GetConstructor(Type.EmptyTypes) is null)
            return;
        var defaults = Activator.CreateInstance(info.Type);
        foreach (var property in info.Properties)
        {
            if (property.AttributeProvider is not PropertyInfo member || member.IsDefined(typeof(RequiredMemberAttribute)))
                continue;
            var fallback = member.GetValue(defaults);
            property.ShouldSerialize = (_, value) => !Equals(value, fallback);
        }
    }
}
