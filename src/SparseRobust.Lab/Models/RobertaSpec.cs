using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Models;

/// <summary>RoBERTa with a sequence-classification head: BERT's encoder without segments, with positions counted from behind the padding id and a head of two layers on the
/// first token's last hidden state. Defaults: the small 2 x 128 model; roberta-base is 12 x 768 with 12 heads, 3,072 wide inside, 514 position rows and 50,265 tokens.</summary>
/// <remarks>Source: Liu et al. (2019), RoBERTa, under Hugging Face's names and, sizes apart, with the settings of roberta-base. GELU is the exact erf form; weights start from
/// N(0, initializer_range), biases and the padding's rows from 0. Deviates: padding is what the attention mask says; Hugging Face goes by the id, which differs only where a text
/// itself holds the padding token. Token types are ignored, as in all of Hugging Face's uses: every token takes row 0 of the segment table.</remarks>
public sealed record RobertaSpec : TransformerSpec
{
    /// <summary>Rows of the position table: those up to the padding id's are not used by tokens, so an input may be max_position_embeddings - pad_token_id - 1 tokens long.
    /// Default 130, for 128 tokens; roberta-base has 514, for 512.</summary>
    [Range(5, 8194)]
    [JsonPropertyOrder(Tables)]
    public override int MaxPositionEmbeddings { get; init; } = 130;

    /// <summary>Rows of the segment table, of which only the first is read.</summary>
    [Range(1, 16)]
    [JsonPropertyOrder(Tables)]
    public override int TypeVocabSize { get; init; } = 1;

    /// <inheritdoc/>
    [Range(1e-15, 0.1)]
    [JsonPropertyOrder(Normalisation)]
    public override double LayerNormEps { get; init; } = 1e-5;

    /// <summary>Id of the padding token p. The first token has position p + 1, the next p + 2, padding p; rows p of the word and of the position table start at zero.</summary>
    [Range(0, 8192)]
    [JsonPropertyOrder(Normalisation)]
    public int PadTokenId { get; init; } = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int MaxInputLength => Math.Max(0, MaxPositionEmbeddings - PadTokenId - 1);

    internal override string Prefix => "roberta";

    internal override string Architecture => "Roberta";

    internal override bool HasPooler => false;

    internal override int PadId => PadTokenId;

    internal override (string Field, string Problem)? Fault => base.Fault ?? (MaxInputLength < 1
        ? ("pad_token_id", $"{PadTokenId} leaves no position for a token: positions begin at pad_token_id + 1 and max_position_embeddings is {MaxPositionEmbeddings}.")
        : null);

    /// <exception cref="RecipeInvalidException">The vocabulary has no token of the padding's id.</exception>
    internal override TransformerEmbeddings BuildEmbeddings(int vocabularySize) => PadTokenId < vocabularySize
        ? new RobertaEmbeddings(this, vocabularySize)
        : throw new RecipeInvalidException([new("$.model.pad_token_id", $"{PadTokenId} is no token's id: the vocabulary has {vocabularySize} tokens, counted from 0.")]);

    internal override TextClassifier Build(int vocabularySize, int classes) => new RobertaForSequenceClassification(this, vocabularySize, classes);
}
