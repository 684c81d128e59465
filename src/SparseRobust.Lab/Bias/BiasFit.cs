using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Bias;

/// <summary>A fitted bias model in numbers: what a reader needs to judge it or to make its predictions again.</summary>
/// <param name="TrainAccuracy">Share of training rows, in [0, 1], whose argmax over all classes, by the training predictions, is the label.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OverlapFit), "overlap")]
[JsonDerivedType(typeof(ClaimOnlyFit), "claim-only")]
[JsonDerivedType(typeof(ImportedFit), "imported")]
public abstract record BiasFit(double TrainAccuracy);

/// <summary>A fitted overlap model: two classes, spread over all.</summary>
/// <param name="C">Weight of the data against the penalty.</param>
/// <param name="BalancedClasses">Whether both classes weighed the same.</param>
/// <param name="Folds">Folds of the training predictions; 0 means in-sample.</param>
/// <param name="FoldSeed">Seed of the fold assignment.</param>
/// <param name="PositiveClass">Name of the class told from all others.</param>
/// <param name="Features">Feature names.</param>
/// <param name="Coefficients">Weights in log-odds per unit of feature, fitted to the whole training set.</param>
/// <param name="Intercept">Log-odds where all features are 0.</param>
/// <param name="Iterations">Newton steps of the fit to the whole training set.</param>
/// <param name="GradientNorm">2-norm of the gradient where it stopped.</param>
/// <param name="TrainAccuracy">As in <see cref="BiasFit"/>.</param>
public sealed record OverlapFit(
    double C, bool BalancedClasses, int Folds, long FoldSeed, string PositiveClass, IReadOnlyList<string> Features, IReadOnlyList<double> Coefficients,
    double Intercept, int Iterations, double GradientNorm, double TrainAccuracy) : BiasFit(TrainAccuracy)
{
    /// <summary>The word vectors behind the features that need them; null when there are none.</summary>
    public VectorsUse? Vectors { get; init; }
}

/// <summary>A fitted claim-only model: a softmax over all classes.</summary>
/// <param name="C">Weight of the data against the penalty.</param>
/// <param name="BalancedClasses">Whether all classes weighed the same.</param>
/// <param name="Folds">Folds of the training predictions; 0 means in-sample.</param>
/// <param name="FoldSeed">Seed of the fold assignment.</param>
/// <param name="Classes">Class names, in the order of the two lists below.</param>
/// <param name="Words">The words whose presence is a feature, in column order; empty when the features are word vectors.</param>
/// <param name="Coefficients">Weights of each class, one per feature, fitted to the whole training set; empty for a class without rows.</param>
/// <param name="Intercepts">One per class.</param>
/// <param name="Iterations">Steps of the fit to the whole training set.</param>
/// <param name="GradientNorm">2-norm of the gradient where it stopped.</param>
/// <param name="TrainAccuracy">As in <see cref="BiasFit"/>.</param>
public sealed record ClaimOnlyFit(
    double C, bool BalancedClasses, int Folds, long FoldSeed, IReadOnlyList<string> Classes, IReadOnlyList<string> Words,
    IReadOnlyList<IReadOnlyList<double>> Coefficients, IReadOnlyList<double> Intercepts, int Iterations, double GradientNorm, double TrainAccuracy) : BiasFit(TrainAccuracy)
{
    /// <summary>The word vectors that are the features; null when words are.</summary>
    public VectorsUse? Vectors { get; init; }
}

/// <summary>Predictions that another program made.</summary>
/// <param name="Sha256">SHA-256 of the file they came from.</param>
/// <param name="Columns">What the file's columns were said to be.</param>
/// <param name="ById">Whether rows were found by the example's id; false when by their order.</param>
/// <param name="RaisedZeros">Probabilities of 0 that were raised to the smallest float above 0, so that their logarithm is finite.</param>
/// <param name="TrainAccuracy">As in <see cref="BiasFit"/>.</param>
public sealed record ImportedFit(string Sha256, IReadOnlyList<string> Columns, bool ById, int RaisedZeros, double TrainAccuracy) : BiasFit(TrainAccuracy);

/// <summary>Word vectors as a bias model used them.</summary>
/// <param name="Kind">Where they are from: fasttext or embeddings.</param>
/// <param name="Sha256">SHA-256 of the file, or of the model folder's files.</param>
/// <param name="Dimension">Numbers per vector.</param>
/// <param name="TrainCoverage">Share of the training set's tokens, in [0, 1], that have one.</param>
public sealed record VectorsUse(string Kind, string Sha256, int Dimension, double TrainCoverage);
