using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Data;

/// <summary>What a model is trained on and where it is judged: an in-distribution training set and dev set, and out-of-distribution sets.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ShortcutNliTask), "shortcut-nli")]
[JsonDerivedType(typeof(MnliHansTask), "mnli-hans")]
[JsonDerivedType(typeof(QqpPawsTask), "qqp-paws")]
[JsonDerivedType(typeof(FeverSymmetricTask), "fever-symmetric")]
[JsonDerivedType(typeof(GlueTask), "glue")]
[JsonDerivedType(typeof(RandomTokensTask), "random-tokens")]
public abstract record TaskSpec
{
    private protected const string Accuracy = "accuracy";

    /// <summary>The classes the model predicts.</summary>
    [JsonIgnore]
    public abstract LabelSet Labels { get; }

    /// <summary>The WordPiece tokens of a generated task, in the order of their ids; null when the task brings none.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string>? BuiltInVocabulary => null;

    /// <summary>The metric of the whole dev set by which a training chooses its checkpoint; more is better. Default accuracy.</summary>
    [JsonIgnore]
    public virtual string SelectionMetric => Accuracy;

    /// <summary>The metric of the papers' tables; by default the one that chooses the checkpoint.</summary>
    [JsonIgnore]
    public virtual string ReportedMetric => SelectionMetric;

    /// <summary>Which one this is where a kind has several tasks, by the name of its dataset: rte; null, the default, where the kind says it all.</summary>
    [JsonIgnore]
    public virtual string? Member => null;

    /// <summary>Whether the training set is mixed from several datasets, for which no bias model is defined.</summary>
    internal virtual bool TrainsOnMixture => false;

    /// <summary>Reads or generates the data.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    internal abstract TaskData Load(DatasetFolders folders, CancellationToken cancellation);
}

/// <summary>A task's data in memory.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Dev">In-distribution dev rows; the only set used to choose a checkpoint.</param>
/// <param name="OutOfDistribution">Sets that are only ever evaluated on.</param>
public sealed record TaskData(Dataset Train, Dataset Dev, IReadOnlyList<EvaluationSet> OutOfDistribution);

/// <summary>A dataset together with the map from the model's classes to the dataset's.</summary>
/// <param name="Dataset">The rows.</param>
/// <param name="ModelToDataset">For each class id of the model, the class id of the dataset it counts as (argmax first, then this map); -1: none of them, which is always wrong.</param>
public sealed record EvaluationSet(Dataset Dataset, IReadOnlyList<int> ModelToDataset)
{
    /// <summary>A dataset with the model's own classes.</summary>
    public static EvaluationSet SameLabels(Dataset dataset) => new(dataset, [.. Enumerable.Range(0, dataset.Labels.Count)]);

    /// <summary>Three-way NLI onto HANS: contradiction and neutral both count as non-entailment.</summary>
    public static EvaluationSet ThreeToTwoWayNli(Dataset dataset) =>
        new(dataset, [.. LabelSet.ThreeWayNli.Names.Select(name => dataset.Labels.Require(name == "entailment" ? "entailment" : "non-entailment"))]);
}
