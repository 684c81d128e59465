using System.Text.Json.Serialization;

namespace SparseRobust.Web.Predict;

/// <summary>GET /info: the members that clients of text-embeddings-inference read, then ours.</summary>
public sealed record ServerInfo
{
    public required string ModelId { get; init; }

    /// <summary>SHA-256 of model.safetensors.</summary>
    public required string ModelSha { get; init; }

    public required string ModelDtype { get; init; }

    public required ServedKind ModelType { get; init; }

    public required int MaxConcurrentRequests { get; init; }

    /// <summary>In tokens, special tokens included.</summary>
    public required int MaxInputLength { get; init; }

    public required int MaxBatchTokens { get; init; }

    public required int MaxClientBatchSize { get; init; }

    public required string Version { get; init; }

    public required string RecipeHash { get; init; }

    public required long Seed { get; init; }

    public required string Task { get; init; }

    /// <summary>Share of the encoder's weights that are zero, counted in the loaded model.</summary>
    public required double Sparsity { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }
}

/// <summary>What kind of model answers.</summary>
public sealed record ServedKind(ServedClassifier Classifier);

/// <summary>The classes by number and by name.</summary>
public sealed record ServedClassifier(
    [property: JsonPropertyName("id2label")] IReadOnlyDictionary<string, string> LabelsById,
    [property: JsonPropertyName("label2id")] IReadOnlyDictionary<string, int> IdsByLabel);
