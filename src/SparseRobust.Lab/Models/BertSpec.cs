using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>BERT with a sequence-classification head. Defaults: the small 2 x 128 model that two cores train in minutes.</summary>
/// <remarks>Source: Devlin et al. (2019), BERT. GELU is the exact erf form; weights start from N(0, initializer_range), biases from 0.</remarks>
public sealed record BertSpec : ModelSpec
{
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

    /// <summary>Rows of the position table: the longest pair the model can read.</summary>
    [Range(4, 8192)]
    public int MaxPositionEmbeddings { get; init; } = 128;

    /// <summary>Rows of the segment table; pairs use two.</summary>
    [Range(2, 16)]
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>Dropout after embeddings, attention output, feed-forward output and pooler.</summary>
    [Range(0.0, 0.99)]
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout on attention probabilities.</summary>
    [Range(0.0, 0.99)]
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Range(0.0001, 1.0)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Added to the variance in every LayerNorm.</summary>
    [Range(1e-15, 0.1)]
    public double LayerNormEps { get; init; } = 1e-12;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Shape => FormattableString.Invariant($"bert {NumHiddenLayers} x {HiddenSize}, {IntermediateSize}, {NumAttentionHeads} heads");

    /// <inheritdoc/>
    [JsonIgnore]
    public override int MaxInputLength => MaxPositionEmbeddings;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsPrunable => true;

    internal override IReadOnlyList<(string Name, string Value)> Fixed => [("hidden_act", "gelu")];

    internal override int WordWidth => HiddenSize;

    internal override int PooledWidth => HiddenSize;

    internal override int Layers => NumHiddenLayers;

    internal override long MatrixNumbers => NumHiddenLayers * (4L * HiddenSize * HiddenSize + 2L * HiddenSize * IntermediateSize);

    internal override (string Field, string Problem)? Fault => NumAttentionHeads > 0 && HiddenSize % NumAttentionHeads != 0
        ? ("hidden_size", $"{HiddenSize} is not a multiple of num_attention_heads {NumAttentionHeads}.")
        : null;

    internal override TextClassifier Build(int vocabularySize, int classes) => new BertForSequenceClassification(this, vocabularySize, classes);
}
