namespace SparseRobust.Lab.Bias;

/// <summary>A fitted bias model in numbers: what a reader needs to judge it or to make its predictions again.</summary>
/// <param name="Kind">The spec's kind: overlap.</param>
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
/// <param name="TrainAccuracy">Share of training rows, in [0, 1], whose argmax over all classes, by the training predictions, is the label.</param>
public sealed record BiasFit(
    string Kind, double C, bool BalancedClasses, int Folds, long FoldSeed, string PositiveClass, IReadOnlyList<string> Features,
    IReadOnlyList<double> Coefficients, double Intercept, int Iterations, double GradientNorm, double TrainAccuracy);
