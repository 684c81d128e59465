using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>Logistic regression on word overlap: entailment (duplicate) against the rest. For text pairs.</summary>
/// <remarks>
/// Source: Win-win Deal, app. B.3.1. Deviates: the features without word vectors only (<see cref="Dataset"/>s come without vectors), and
/// training rows are predicted out of fold by default, where the paper's classifier predicts the rows it was fitted to (<see cref="Folds"/> = 0).
/// </remarks>
public sealed record OverlapBiasSpec : BiasSpec
{
    /// <summary>Weight of the data against the L2 penalty, above 0. Default 100 (the cited code's liblinear setting).</summary>
    [Range(1e-6, 1e6)]
    public double C { get; init; } = 100;

    /// <summary>Whether both classes weigh the same however many rows they have. Default true (the cited code's class_weight="balanced").</summary>
    public bool BalancedClasses { get; init; } = true;

    /// <summary>Folds of cross-fitting, 2 to 100: each training row is predicted by a model that never saw its fold. 0: in-sample, as the paper. Default 5.</summary>
    [Range(0, 100)]
    public int Folds { get; init; } = 5;

    internal override BiasModel Build(Dataset train, CancellationToken cancellation)
    {
        if (!(C >= 1e-6 && C <= 1e6))
            throw new LabException(ProblemCode.RecipeInvalid, $"The overlap bias model's C is {C}; it must lie between 0.000001 and 1000000.");
        if (Folds is < 0 or 1 or > 100)
            throw new LabException(ProblemCode.RecipeInvalid, $"The overlap bias model's folds are {Folds}; they must be 0 (in-sample) or 2 to 100.");
        return new OverlapBias(this, train, cancellation);
    }
}

/// <summary>The overlap bias model fitted to a training set.</summary>
internal sealed class OverlapBias : BiasModel
{
    /// <summary>Seed of the fold assignment: fixed, because the bias model is the same for every seed of a run.</summary>
    public const long FoldSeed = 20221011;

    private readonly LogisticRegressionOptions _options;
    private readonly LabelSet _labels;
    private readonly LogisticRegression _classifier;

    public OverlapBias(OverlapBiasSpec spec, Dataset train, CancellationToken cancellation)
    {
        if (spec.Folds > train.Examples.Count)
            throw new LabException(ProblemCode.DatasetInvalid, $"{train.Name} {train.Split} has {train.Examples.Count} rows, too few for {spec.Folds} folds. Use fewer folds or more rows.");
        _options = new LogisticRegressionOptions { C = spec.C, BalancedClasses = spec.BalancedClasses };
        _labels = train.Labels;
        PositiveClass = PositiveClassOf(train.Labels);
        var features = OverlapFeatures.Of(train, cancellation);
        bool[] positive = [.. train.Examples.Select(example => example.Label == PositiveClass)];
        _classifier = LogisticRegression.Fit(features, positive, _options, cancellation);
        var logProbs = spec.Folds == 0
            ? LogProbs(features, [.. Enumerable.Range(0, features.Rows).Select(_ => _classifier)])
            : OutOfFold(features, positive, FoldAssignment.Stratified(train, spec.Folds, FoldSeed), cancellation);
        OfTrainingSet = new BiasPredictions(train.Sha256, _labels, logProbs);
        Fit = new BiasFit(
            "overlap", spec.C, spec.BalancedClasses, spec.Folds, FoldSeed, _labels.Names[PositiveClass], OverlapFeatures.Names, _classifier.Coefficients,
            _classifier.Intercept, _classifier.Iterations, _classifier.GradientNorm, OfTrainingSet.Accuracy(EvaluationSet.SameLabels(train)));
    }

    public override BiasFit Fit { get; }

    public override int PositiveClass { get; }

    public override BiasPredictions OfTrainingSet { get; }

    public override BiasPredictions Predict(Dataset dataset, CancellationToken cancellation)
    {
        var features = OverlapFeatures.Of(dataset, cancellation);
        return new BiasPredictions(dataset.Sha256, _labels, LogProbs(features, [.. Enumerable.Range(0, features.Rows).Select(_ => _classifier)]));
    }

    /// <summary>Log-probabilities of two classes spread over all: the positive class keeps its own, every other gets an equal share of the rest.</summary>
    /// <remarks>v1 for the positive class, v0 - ln(K - 1) for each other; for K = 3 the paper's [v0 - ln 2, v1, v0 - ln 2], for K = 2 nothing changes.
    /// The classes are told apart by name, never by position.</remarks>
    internal static void Expand((double Negative, double Positive) logProbs, int positiveClass, Span<float> row)
    {
        row.Fill((float)(logProbs.Negative - Math.Log(row.Length - 1)));
        row[positiveClass] = (float)logProbs.Positive;
    }

    internal static int PositiveClassOf(LabelSet labels)
    {
        foreach (var name in (string[])["entailment", "duplicate"])
            if (labels.Count >= 2 && labels.IndexOf(name) >= 0)
                return labels.IndexOf(name);
        throw new LabException(ProblemCode.DatasetInvalid, $"The labels {string.Join(", ", labels.Names)} have no class entailment or duplicate, which the overlap bias model predicts.");
    }

    private float[] OutOfFold(FeatureMatrix features, bool[] positive, int[] foldOfRow, CancellationToken cancellation)
    {
        var classifierOfFold = new LogisticRegression[foldOfRow.Max() + 1];
        for (var fold = 0; fold < classifierOfFold.Length; fold++)
        {
            int[] others = [.. Enumerable.Range(0, foldOfRow.Length).Where(row => foldOfRow[row] != fold)];
            classifierOfFold[fold] = LogisticRegression.Fit(features.Select(others), [.. others.Select(row => positive[row])], _options, cancellation);
        }
        return LogProbs(features, [.. foldOfRow.Select(fold => classifierOfFold[fold])]);
    }

    private float[] LogProbs(FeatureMatrix features, LogisticRegression[] classifierOfRow)
    {
        var classes = _labels.Count;
        var logProbs = new float[features.Rows * classes];
        for (var row = 0; row < features.Rows; row++)
            Expand(classifierOfRow[row].LogProbabilities(features.Row(row)), PositiveClass, logProbs.AsSpan(row * classes, classes));
        return logProbs;
    }
}
