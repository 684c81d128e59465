using System.Text.Json.Serialization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Bias;

/// <summary>Which bias model supplies the log-probabilities that debiasing objectives use.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OverlapBiasSpec), "overlap")]
[JsonDerivedType(typeof(ClaimOnlyBiasSpec), "claim-only")]
[JsonDerivedType(typeof(ImportedBiasSpec), "imported")]
public abstract record BiasSpec
{
    /// <summary>The file or model folder outside the datasets that the model reads, as the recipe names it; null when it reads none.</summary>
    internal virtual string? SourcePath => null;

    /// <summary>How the spec is hashed in a recipe that starts from random weights, where the default of <see cref="WordVectorsSpec"/> comes to none.</summary>
    internal virtual BiasSpec FromRandomWeights => this;

    /// <summary>Fits the bias model to a training set.</summary>
    /// <exception cref="Errors.LabException">RecipeInvalid for a setting out of range; DatasetInvalid when the rows are too few, or of one class;
    /// ArtifactCorrupt when a file it reads is not what it should be.</exception>
    internal abstract BiasModel Build(BiasInputs inputs, CancellationToken cancellation);
}

/// <summary>What a bias model is made from.</summary>
/// <param name="Train">The rows it is fitted to.</param>
internal sealed record BiasInputs(Dataset Train)
{
    /// <summary>The sets it will be asked to predict: word vectors are kept for their words too. Empty by default.</summary>
    public IReadOnlyList<Dataset> Others { get; init; } = [];

    /// <summary>What <see cref="BiasSpec.SourcePath"/> was found to be; null when the spec names nothing.</summary>
    public BiasSource? Source { get; init; }

    /// <summary>The pre-trained model that the recipe starts from; null for random weights.</summary>
    public PretrainedModel? Model { get; init; }

    /// <summary>A task's training set, with its dev and out-of-distribution sets as the others.</summary>
    public static BiasInputs Of(TaskData data, BiasSource? source) =>
        new(data.Train) { Others = [data.Dev, .. data.OutOfDistribution.Select(set => set.Dataset)], Source = source };
}

/// <summary>A fitted bias model.</summary>
internal abstract class BiasModel
{
    /// <summary>What was fitted, in numbers.</summary>
    public abstract BiasFit Fit { get; }

    /// <summary>The class of which two-class scores are told, as an id of the training set's labels: entailment or duplicate; null when there is none.</summary>
    public abstract int? PositiveClass { get; }

    /// <summary>Predictions for the training set, row for row, as the objectives use them (out of fold where the spec says so).</summary>
    public abstract BiasPredictions OfTrainingSet { get; }

    /// <summary>Predictions for another dataset by the model fitted to the whole training set, over the training set's classes; null when the model knows
    /// the training rows only.</summary>
    public abstract BiasPredictions? Predict(Dataset dataset, CancellationToken cancellation);

    /// <summary>Share of a dataset's tokens, in [0, 1], that have a word vector; null when the model uses none.</summary>
    public virtual double? VectorCoverage(Dataset dataset) => null;
}
