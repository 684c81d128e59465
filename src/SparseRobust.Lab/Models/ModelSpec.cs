using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>Which architecture is trained; BERT's and RoBERTa's settings have the names of Hugging Face's config.json.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BertSpec), "bert")]
[JsonDerivedType(typeof(RobertaSpec), "roberta")]
[JsonDerivedType(typeof(CbowSpec), "cbow")]
[JsonDerivedType(typeof(BiLstmSpec), "bilstm")]
public abstract record ModelSpec
{
    private const int LongestOfARecipe = 8192;

    /// <summary>What the time of a training step depends on, in words: models that agree in it can be timed by one another.</summary>
    [JsonIgnore]
    public abstract string Shape { get; }

    /// <summary>Most tokens of an input, special tokens included: the positions that the position table has for tokens. Where there is no table, 8,192, the longest that a recipe may ask for.</summary>
    [JsonIgnore]
    public virtual int MaxInputLength => LongestOfARecipe;

    /// <summary>Whether the model has the weights that pruning methods remove.</summary>
    [JsonIgnore]
    public virtual bool IsPrunable => false;

    /// <summary>Whether it can be pre-trained on masked tokens and next sentences.</summary>
    [JsonIgnore]
    public virtual bool CanPretrain => false;

    /// <summary>What config.json says beside the settings because there is no choice.</summary>
    internal virtual IReadOnlyList<(string Name, string Value)> Fixed => [];

    /// <summary>Id of the padding token, whose row of the word table starts at zero.</summary>
    internal virtual int PadId => 0;

    /// <summary>Width of the word embeddings.</summary>
    internal abstract int WordWidth { get; }

    /// <summary>Width of the output from which the logits are computed.</summary>
    internal abstract int PooledWidth { get; }

    /// <summary>Layers of the encoder; 0 when there is none.</summary>
    internal abstract int Layers { get; }

    /// <summary>Numbers in the matrices that grow with the product of two widths, without the word table: about what building it allocates, for whoever does not trust the settings.</summary>
    internal virtual long MatrixNumbers => 4L * Layers * WordWidth * WordWidth;

    /// <summary>A setting that does not fit the others, and why; ranges are looked at elsewhere. Null when all fit.</summary>
    internal virtual (string Field, string Problem)? Fault => null;

    /// <summary>The model, with weights drawn from the process's random generator.</summary>
    internal abstract TextClassifier Build(int vocabularySize, int classes);

    /// <summary>The model with the heads of pre-training, likewise.</summary>
    internal virtual BertForPreTraining BuildForPreTraining(int vocabularySize) => throw new NotSupportedException($"{GetType().Name} has no heads for pre-training.");
}
