using System.Text.Json.Serialization;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Bias;

/// <summary>Which bias model supplies the log-probabilities that debiasing objectives use.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OverlapBiasSpec), "overlap")]
public abstract record BiasSpec
{
    /// <summary>Fits the bias model to a training set.</summary>
    /// <exception cref="Errors.LabException">RecipeInvalid for a setting out of range; DatasetInvalid when the rows are too few, or of one class.</exception>
    internal abstract BiasModel Build(Dataset train, CancellationToken cancellation);
}

/// <summary>A fitted bias model.</summary>
internal abstract class BiasModel
{
    /// <summary>What was fitted, in numbers.</summary>
    public abstract BiasFit Fit { get; }

    /// <summary>The class the model tells from all others, as an id of the training set's labels.</summary>
    public abstract int PositiveClass { get; }

    /// <summary>Predictions for the training set, row for row, as the objectives use them (out of fold where the spec says so).</summary>
    public abstract BiasPredictions OfTrainingSet { get; }

    /// <summary>Predictions for another dataset by the model fitted to the whole training set, over the training set's classes.</summary>
    public abstract BiasPredictions Predict(Dataset dataset, CancellationToken cancellation);
}
