using System.Text.Json.Nodes;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>The values by which a run belongs to its group; runs with equal values are one group.</summary>
internal sealed class GroupKeys : IEquatable<GroupKeys>
{
    private const string Recipe = "recipe_hash";

    private static readonly Dictionary<string, Func<GroupedRun, object?>> Known = new(StringComparer.Ordinal)
    {
        [Recipe] = run => run.RecipeHash,
        ["task"] = run => run.Task,
        ["model"] = run => run.Model,
        ["paradigm"] = run => run.Paradigm,
        ["pruning"] = run => run.Pruning,
        ["fine_tuning_objective"] = run => run.FineTuningObjective,
        ["pruning_objective"] = run => run.PruningObjective,
        ["sparsity"] = run => run.Sparsity,
    };

    private readonly IReadOnlyList<string> _by;
    private readonly object?[] _values;

    private GroupKeys(IReadOnlyList<string> by, GroupedRun run)
    {
        _by = by;
        _values = [.. by.Select(name => Known[name](run))];
    }

    /// <summary>Reads the list of names; none means the recipe, that is everything but the seed.</summary>
    /// <exception cref="Problem">RequestInvalid, naming the word.</exception>
    public static IReadOnlyList<string> Parse(string? by)
    {
        var names = (by ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (names.Find(name => !Known.ContainsKey(name)) is { } unknown)
            throw Problem.Invalid("by", $"\"{unknown}\" cannot be grouped by. Use {string.Join(", ", Known.Keys)}, several joined by commas.");
        return names.Count > 0 ? names : [Recipe];
    }

    public static GroupKeys Of(GroupedRun run, IReadOnlyList<string> by) => new(by, run);

    /// <summary>The values by name. A recipe's hash says nothing to people: what it stands for comes with it.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Shown(GroupedRun run) =>
        (_by.Contains(Recipe) ? _by.Union(Known.Keys) : _by).ToDictionary(name => name, name => Known[name](run) switch
        {
            double number => JsonValue.Create(number),
            string text => JsonValue.Create(text),
            _ => (JsonNode?)null,
        });

    public bool Equals(GroupKeys? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as GroupKeys);

    public override int GetHashCode() => _values.Aggregate(0, HashCode.Combine);
}
