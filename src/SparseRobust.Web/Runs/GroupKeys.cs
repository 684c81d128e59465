using System.Text.Json.Nodes;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>The columns by which runs are grouped; runs with equal values are one group, and no value is a value of its own.</summary>
internal sealed class GroupKeys
{
    private const string Recipe = "recipe_hash";

    private static readonly string[] Known = [Recipe, "task", "model", "paradigm", "pruning", "fine_tuning_objective", "pruning_objective", "sparsity"];

    private GroupKeys(IReadOnlyList<string> by) => By = by;

    /// <summary>Columns of the runs table, each from the list of those known here.</summary>
    public IReadOnlyList<string> By { get; }

    /// <summary>What is shown of a group. A recipe's hash says nothing to people: what it stands for comes with it.</summary>
    public IReadOnlyList<string> Shown => By.Contains(Recipe) ? [.. By.Union(Known)] : By;

    /// <summary>Reads the list of names; none means the recipe, that is everything but the seed.</summary>
    /// <exception cref="Problem">RequestInvalid, naming the word.</exception>
    public static GroupKeys Parse(string? by)
    {
        var names = (by ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (names.Find(name => !Known.Contains(name)) is { } unknown)
            throw Problem.Invalid("by", $"\"{unknown}\" cannot be grouped by. Use {string.Join(", ", Known)}, several joined by commas.");
        return new GroupKeys(names.Count > 0 ? names : [Recipe]);
    }

    /// <param name="values">As the database gives them, in the order of <see cref="Shown"/>.</param>
    public IReadOnlyDictionary<string, JsonNode?> Named(IReadOnlyList<object?> values) => Shown.Zip(values).ToDictionary(each => each.First, each => each.Second switch
    {
        double number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        _ => (JsonNode?)null,
    });
}
