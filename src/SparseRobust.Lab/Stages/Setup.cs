using System.Text.Json.Serialization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>What every stage of a run shares: the task, the model's shape, and how text becomes ids.</summary>
public sealed record Setup
{
    /// <summary>Training set, dev set and out-of-distribution sets.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>Architecture.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>Tokenizer.</summary>
    public required VocabularySpec Vocabulary { get; init; }

    /// <summary>Longest pair in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>What happens to longer pairs.</summary>
    public required Truncation Truncation { get; init; }

    /// <summary>The file or model folder outside the datasets that the bias model reads; null when it reads none. Its content is part of the hash of the
    /// stages that depend on the bias model, and of no others.</summary>
    [JsonIgnore]
    public string? BiasSourcePath { get; init; }
}
