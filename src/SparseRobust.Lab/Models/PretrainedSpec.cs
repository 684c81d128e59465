using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Models;

/// <summary>A BERT that was pre-trained: its embeddings, encoder and pooler come from a model folder, the classifier as the seed gives it. Its tokenizer comes from there, too.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.1 (theta_pt), where it is bert-base-uncased. What the weights are is part of the identity of the run, by the SHA-256 of the folder's files.</remarks>
public sealed record PretrainedSpec : ModelSpec
{
    /// <summary>The word for it in recipes.</summary>
    public const string Kind = "pretrained";

    /// <summary>The small model of the project's own pre-training.</summary>
    public const string SmallBert = "sparserobust-bert-2x128";

    /// <summary>The model's folder: a name or path, looked for in models/ of the output folder (on a server: of its storage), then in models/ beside the program, then in the data folders; or an
    /// absolute path.</summary>
    [Suggested(SmallBert)]
    public required string Name { get; init; }

    /// <summary>Dropout after embeddings, attention output and feed-forward output, and before the classifier. Default null: as the model's config.json says.</summary>
    [Range(0.0, 0.99)]
    public double? HiddenDropoutProb { get; init; }

    /// <summary>Dropout on attention probabilities. Default null: as the model's config.json says.</summary>
    [Range(0.0, 0.99)]
    public double? AttentionProbsDropoutProb { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Shape => $"pretrained {Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsPrunable => true;

    /// <inheritdoc/>
    /// <remarks>Unless it turns out to be no BERT when it is read.</remarks>
    [JsonIgnore]
    public override bool CanPretrain => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool BringsVocabulary => true;

    internal override (string Field, string Problem)? Fault =>
        string.IsNullOrWhiteSpace(Name) ? ("name", $"is empty; name a model's folder, as \"{SmallBert}\".") : null;

    /// <summary>The folder's architecture with this recipe's dropouts.</summary>
    internal TransformerSpec Of(TransformerSpec stored) => stored with
    {
        HiddenDropoutProb = HiddenDropoutProb ?? stored.HiddenDropoutProb,
        AttentionProbsDropoutProb = AttentionProbsDropoutProb ?? stored.AttentionProbsDropoutProb,
    };
}
