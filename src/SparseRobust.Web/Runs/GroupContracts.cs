using System.Text.Json.Nodes;

namespace SparseRobust.Web.Runs;

/// <summary>Which groups.</summary>
/// <param name="By">Names joined by commas: recipe_hash (unless said), task, model, paradigm, pruning, fine_tuning_objective, pruning_objective, sparsity.</param>
/// <param name="Filter">The runs, as in the list of runs.</param>
/// <param name="Dataset">Only scores on this dataset.</param>
/// <param name="Metric">Only this metric, such as accuracy.</param>
/// <param name="Slice">The part of each split; "all" unless said.</param>
public sealed record GroupQuery(string? By = null, string? Filter = null, string? Dataset = null, string? Metric = null, string? Slice = null);

/// <summary>Runs that agree in the keys.</summary>
public sealed record GroupView
{
    /// <summary>Values by name; null where the recipe has none, such as the pruning of a dense model.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Keys { get; init; }

    /// <summary>Name within the preset or grid, when all runs have the same.</summary>
    public string? Cell { get; init; }

    /// <summary>Name of the runs, when all have the same.</summary>
    public string? Name { get; init; }

    public required int RunCount { get; init; }

    /// <summary>How many different recipes; 1 means that only the seed differs.</summary>
    public required int RecipeCount { get; init; }

    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How many runs are in each state.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    public required IReadOnlyList<ScoreSummary> Scores { get; init; }
}

/// <summary>A final score over seeds.</summary>
/// <param name="Dataset">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Slice">Part of the split.</param>
/// <param name="Metric">Metric.</param>
/// <param name="Mean">Arithmetic mean; absent when a value is not finite.</param>
/// <param name="Std">Sample standard deviation (n - 1); absent for n = 1.</param>
/// <param name="Ci95Low">Lower end of Student's 95 % interval of the mean; absent for n = 1.</param>
/// <param name="Ci95High">Upper end.</param>
/// <param name="N">How many runs; of repetitions of a seed only the newest that has this score counts.</param>
/// <param name="Rows">Rows each run was judged on; absent when they differ.</param>
/// <param name="Seeds">The seeds of these runs.</param>
public sealed record ScoreSummary(
    string Dataset, string Split, string Slice, string Metric, double? Mean, double? Std,
    [property: System.Text.Json.Serialization.JsonPropertyName("ci95_low")] double? Ci95Low, [property: System.Text.Json.Serialization.JsonPropertyName("ci95_high")] double? Ci95High,
    int N, int? Rows, IReadOnlyList<long> Seeds)
{
    internal static ScoreSummary Of((string Dataset, string Split, string Slice, string Metric) key, SeedMeasure over) => new(
        key.Dataset, key.Split, key.Slice, key.Metric, over.OverSeeds?.Mean, over.OverSeeds?.StandardDeviation, over.OverSeeds?.Lower, over.OverSeeds?.Upper,
        over.N, over.Rows is [var rows] ? rows : null, over.Seeds);
}
