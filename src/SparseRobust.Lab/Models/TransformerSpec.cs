using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>What BERT and RoBERTa have in common: the encoder and its tables, under the names of Hugging Face's config.json.</summary>
/// <remarks>Source: Devlin et al. (2019), BERT. GELU is the exact erf form; weights start from N(0, initializer_range), biases from 0.</remarks>
public abstract record TransformerSpec : ArchitectureSpec
{
    // Where a setting stands among the others when all are written or asked for: layers, tables, dropout, normalisation.
    private protected const int Tables = 1;
    private protected const int Dropouts = 2;
    private protected const int Normalisation = 3;

    /// <summary>Encoder layers L.</summary>
    [Range(1, 96)]
    public int NumHiddenLayers { get; init; } = 2;

    /// <summary>Width D; a multiple of the number of heads.</summary>
    [Range(1, 16384)]
    public int HiddenSize { get; init; } = 128;

    /// <summary>Attention heads H.</summary>
    [Range(1, 256)]
    public int NumAttentionHeads { get; init; } = 2;

    /// <summary>Width of the feed-forward layer.</summary>
    [Range(1, 65536)]
    public int IntermediateSize { get; init; } = 512;

    /// <summary>Rows of the position table.</summary>
    public abstract int MaxPositionEmbeddings { get; init; }

    /// <summary>Rows of the segment table.</summary>
    public abstract int TypeVocabSize { get; init; }

    /// <summary>Dropout after embeddings, attention output and feed-forward output, and before each layer of the classifier.</summary>
    [Range(0.0, 0.99)]
    [JsonPropertyOrder(Dropouts)]
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout on attention probabilities.</summary>
    [Range(0.0, 0.99)]
    [JsonPropertyOrder(Dropouts)]
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Range(0.0001, 1.0)]
    [JsonPropertyOrder(Dropouts)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Added to the variance in every LayerNorm.</summary>
    public abstract double LayerNormEps { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool IsPrunable => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override string Shape => FormattableString.Invariant($"{Prefix} {NumHiddenLayers} x {HiddenSize}, {IntermediateSize}, {NumAttentionHeads} heads");

    /// <summary>How many parameters its classifier has, by what they do; nothing is built.</summary>
    /// <param name="vocabularySize">Rows of the word table.</param>
    /// <param name="classes">Width of the logits; 1 for a regression.</param>
    public ParameterCounts CountParameters(int vocabularySize, int classes) => new(this, vocabularySize, classes);

    /// <summary>Hugging Face's name of the model inside its heads: the first part of its parameters' names.</summary>
    internal abstract string Prefix { get; }

    /// <summary>What the names of Hugging Face's classes begin with.</summary>
    internal abstract string Architecture { get; }

    /// <summary>Whether the classifier reads a pooler that belongs to the model, not to the head.</summary>
    internal abstract bool HasPooler { get; }

    internal sealed override IReadOnlyList<(string Name, string Value)> Fixed => [("hidden_act", "gelu")];

    internal sealed override int WordWidth => HiddenSize;

    internal sealed override int PooledWidth => HiddenSize;

    internal sealed override int Layers => NumHiddenLayers;

    internal sealed override long MatrixNumbers => NumHiddenLayers * (4L * HiddenSize * HiddenSize + 2L * HiddenSize * IntermediateSize);

    internal override (string Field, string Problem)? Fault => NumAttentionHeads > 0 && HiddenSize % NumAttentionHeads != 0
        ? ("hidden_size", $"{HiddenSize} is not a multiple of num_attention_heads {NumAttentionHeads}.")
        : null;

    /// <summary>The table lookups in front of the encoder.</summary>
    internal abstract TransformerEmbeddings BuildEmbeddings(int vocabularySize);

    /// <summary>A model that finds answers in a text, with weights drawn from the process's random generator.</summary>
    internal QuestionAnsweringModel BuildQuestionAnswering(int vocabularySize) => new(this, vocabularySize);
}
