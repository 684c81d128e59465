using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>BERT with a sequence-classification head. Defaults: the small 2 x 128 model that two cores train in minutes.</summary>
/// <remarks>Source: Devlin et al. (2019), BERT. GELU is the exact erf form; weights start from N(0, initializer_range), biases from 0.</remarks>
public sealed record BertSpec : TransformerSpec
{
    /// <summary>Rows of the position table: the longest pair the model can read.</summary>
    [Range(4, 8192)]
    [JsonPropertyOrder(Tables)]
    public override int MaxPositionEmbeddings { get; init; } = 128;

    /// <summary>Rows of the segment table; pairs use two.</summary>
    [Range(2, 16)]
    [JsonPropertyOrder(Tables)]
    public override int TypeVocabSize { get; init; } = 2;

    /// <inheritdoc/>
    [Range(1e-15, 0.1)]
    [JsonPropertyOrder(Normalisation)]
    public override double LayerNormEps { get; init; } = 1e-12;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int MaxInputLength => MaxPositionEmbeddings;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool CanPretrain => true;

    internal override string Prefix => "bert";

    internal override string Architecture => "Bert";

    internal override bool HasPooler => true;

    internal override TransformerEmbeddings BuildEmbeddings(int vocabularySize) => new BertEmbeddings(this, vocabularySize);

    internal override TextClassifier Build(int vocabularySize, int classes) => new BertForSequenceClassification(this, vocabularySize, classes);

    internal override BertForPreTraining BuildForPreTraining(int vocabularySize) => new(this, vocabularySize);
}
