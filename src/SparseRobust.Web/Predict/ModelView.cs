using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Predict;

/// <summary>A model as REST and pages show it.</summary>
public sealed record ModelView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string RunId { get; init; }

    public required string RecipeHash { get; init; }

    public required long Seed { get; init; }

    public required string Task { get; init; }

    /// <summary>The pre-trained model it started from, as the recipe names it; absent when it started from random weights.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Share of the encoder's weights removed; absent for a dense model.</summary>
    public double? Sparsity { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of model.safetensors.</summary>
    public required long Size { get; init; }

    public required IReadOnlyList<ArtifactView> Artifacts { get; init; }

    /// <summary>What this very model reaches over whole evaluation sets; empty while no run has evaluated it.</summary>
    public required IReadOnlyList<ModelScore> Scores { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    internal bool IsDefault => Aliases.Contains(AliasRow.Default);

    internal IReadOnlyList<ModelScore> InDistribution => Of("in");

    internal IReadOnlyList<ModelScore> OutOfDistribution => Of("out");

    private IReadOnlyList<ModelScore> Of(string distribution) => [.. Scores.Where(score => AccuracyCurve.DistributionOf(score.Split) == distribution)];
}

/// <summary>What a model reaches on a whole set.</summary>
/// <param name="Dataset">The set.</param>
/// <param name="DatasetSha256">Its identity.</param>
/// <param name="Split">Its split.</param>
/// <param name="Metric">The one by which the model's task is reported, such as pearson; accuracy on sets that do not have it.</param>
/// <param name="Value">In the metric's unit.</param>
/// <param name="N">Rows.</param>
public sealed record ModelScore(string Dataset, string DatasetSha256, string Split, string Metric, double Value, int N);

/// <summary>An alias and where it points.</summary>
public sealed record AliasView(string Alias, string Model, DateTimeOffset ChangedAt);

/// <summary>PUT /api/v1/models/aliases/{alias}.</summary>
public sealed record PointAlias
{
    /// <summary>A model's id, a run's id (its last model) or another alias.</summary>
    public required string Model { get; init; }
}
