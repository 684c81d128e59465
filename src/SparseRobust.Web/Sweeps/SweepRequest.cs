using System.Text.Json.Nodes;

namespace SparseRobust.Web.Sweeps;

/// <summary>Runs to launch together: a preset, or a recipe over a grid.</summary>
public sealed record SweepRequest
{
    /// <summary>The name of a preset. Either this or recipe.</summary>
    public string? Preset { get; init; }

    /// <summary>The recipe the grid varies; what the grid sets may be missing.</summary>
    public JsonObject? Recipe { get; init; }

    /// <summary>Values by dotted path; null or empty for the recipe alone.</summary>
    public IReadOnlyDictionary<string, JsonArray>? Grid { get; init; }

    /// <summary>Default: the preset's, or 1.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Higher goes first; from -100 to 100.</summary>
    public int Priority { get; init; }
}
