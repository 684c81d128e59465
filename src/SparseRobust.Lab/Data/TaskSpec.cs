using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Data;

/// <summary>What a model is trained on and where it is judged.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ShortcutNliTask), "shortcut-nli")]
[JsonDerivedType(typeof(MnliHansTask), "mnli-hans")]
[JsonDerivedType(typeof(QqpPawsTask), "qqp-paws")]
[JsonDerivedType(typeof(FeverSymmetricTask), "fever-symmetric")]
[JsonDerivedType(typeof(GlueTask), "glue")]
[JsonDerivedType(typeof(RandomTokensTask), "random-tokens")]
[JsonDerivedType(typeof(PretrainingTask), "pretraining")]
public abstract record TaskSpec
{
    /// <summary>The WordPiece tokens of a generated task, in the order of their ids; null when the task brings none.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string>? BuiltInVocabulary => null;

    /// <summary>The metric of the papers' tables.</summary>
    [JsonIgnore]
    public abstract string ReportedMetric { get; }

    /// <summary>Which one this is where a kind has several tasks, by the name of its dataset: rte; null, the default, where the kind says it all.</summary>
    [JsonIgnore]
    public virtual string? Member => null;

    /// <summary>Whether the training set is mixed from several datasets, for which no bias model is defined.</summary>
    internal virtual bool TrainsOnMixture => false;
}
