using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>Which model is trained: an architecture from random weights, or a model that was pre-trained. BERT's and RoBERTa's settings have the names of Hugging Face's config.json.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BertSpec), "bert")]
[JsonDerivedType(typeof(RobertaSpec), "roberta")]
[JsonDerivedType(typeof(CbowSpec), "cbow")]
[JsonDerivedType(typeof(BiLstmSpec), "bilstm")]
[JsonDerivedType(typeof(PretrainedSpec), PretrainedSpec.Kind)]
public abstract record ModelSpec
{
    private const int LongestOfARecipe = 8192;

    /// <summary>What the time of a training step depends on, in words: models that agree in it can be timed by one another.</summary>
    [JsonIgnore]
    public abstract string Shape { get; }

    /// <summary>Most tokens of an input, special tokens included: the positions that the position table has for tokens. Where there is no table, or it is not known before the model is read,
    /// 8,192, the longest that a recipe may ask for.</summary>
    [JsonIgnore]
    public virtual int MaxInputLength => LongestOfARecipe;

    /// <summary>Whether the model has the weights that pruning methods remove.</summary>
    [JsonIgnore]
    public virtual bool IsPrunable => false;

    /// <summary>Whether it can be pre-trained on masked tokens and next sentences.</summary>
    [JsonIgnore]
    public virtual bool CanPretrain => false;

    /// <summary>Whether the model comes with its vocabulary, so that the recipe names none.</summary>
    [JsonIgnore]
    public virtual bool BringsVocabulary => false;

    /// <summary>A setting that does not fit the others, and why; ranges are looked at elsewhere. Null when all fit.</summary>
    internal virtual (string Field, string Problem)? Fault => null;
}
