using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Recipes;

/// <summary>One field of a recipe: its name, meaning, type, default and limits. Members that do not apply are null and left out of JSON.</summary>
public sealed record CatalogField
{
    /// <summary>The name in JSON: learning_rate.</summary>
    public required string Name { get; init; }

    /// <summary>The property's documentation as plain text; empty when SparseRobust.Lab.xml is not beside the program.</summary>
    public string Documentation { get; init; } = "";

    /// <summary>Where the setting comes from: paper and section; null when the documentation names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>What the field holds.</summary>
    public required CatalogType Type { get; init; }

    /// <summary>Whether a recipe without the field is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether JSON null is a value.</summary>
    public bool IsNullable { get; init; }

    /// <summary>The value of a recipe without the field; null when it is required, or when null is the default. Shared: clone it before use in another document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Default { get; init; }

    /// <summary>What a form starts with where a value is required; null for fields with a default. Shared: clone it before use in another document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Suggestion { get; init; }

    /// <summary>Beside which kinds a record that may be null must be there all the same; null when it never must.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CatalogNeed? NeededBy { get; init; }

    /// <summary>Smallest value allowed, of numbers with a range.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Minimum { get; init; }

    /// <summary>Largest value allowed, of numbers with a range.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maximum { get; init; }

    /// <summary>The words of a choice, as JSON spells them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The fields of an object. Null also for a record inside itself, which is not unfolded again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CatalogField>? Fields { get; init; }

    /// <summary>The kinds of a variant, in the order of its discriminator list. Null also for a spec inside itself, which is not unfolded again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CatalogVariant>? Variants { get; init; }

    /// <summary>What the values of a list are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CatalogField? Items { get; init; }

    /// <summary>Whether the field holds a record rather than a value.</summary>
    internal bool IsRecord => Type is CatalogType.Object or CatalogType.Variant;
}
