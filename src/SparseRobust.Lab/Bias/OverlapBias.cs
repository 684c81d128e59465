using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>Logistic regression on word overlap: entailment (duplicate) against the rest. For text pairs.</summary>
/// <remarks>
/// Source: Win-win Deal, app. B.3.1. Deviates: without word vectors, which only a recipe with a pre-trained model has by default, only the features that need none; and
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

    /// <summary>Which overlap features: all_seven (default, as the cited code) or paper_five (as the paper lists them).</summary>
    public OverlapFeatureSet Features { get; init; } = OverlapFeatureSet.AllSeven;

    /// <summary>Word vectors for average-sim, min-similarity and min2-similarity. Default: the word embeddings of the recipe's pre-trained model; random weights have none, which leaves these three out.</summary>
    public WordVectorsSpec Vectors { get; init; } = new PretrainedVectors();

    internal override string? SourcePath => Vectors.SourcePath;

    internal override BiasSpec FromRandomWeights => this with { Vectors = Vectors.FromRandomWeights };

    internal override BiasModel Build(BiasInputs inputs, CancellationToken cancellation)
    {
        CrossFitting.Require("overlap", C, Folds, inputs.Train);
        return new OverlapBias(this, inputs, cancellation);
    }
}

/// <summary>The overlap bias model fitted to a training set.</summary>
internal sealed class OverlapBias : BiasModel
{
    private readonly LabelSet _labels;
    private readonly int _positiveClass;
    private readonly WordVectors? _vectors;
    private readonly OverlapFeatures _features;
    private readonly LogisticRegression _classifier;

    public OverlapBias(OverlapBiasSpec spec, BiasInputs inputs, CancellationToken cancellation)
    {
        var train = inputs.Train;
        _labels = train.Labels;
        _positiveClass = RequirePositiveClass(train.Labels);
        _vectors = spec.Vectors.Load(spec.Vectors.SourceIn(inputs), inputs.Others.Prepend(train).SelectMany(Texts), cancellation);
        _features = new OverlapFeatures(spec.Features, _vectors);
        var features = _features.Of(train, cancellation);
        var options = new LogisticRegressionOptions { C = spec.C, BalancedClasses = spec.BalancedClasses };
        bool[] positive = [.. train.Examples.Select(example => example.Label == _positiveClass)];
        _classifier = LogisticRegression.Fit(features, positive, options, cancellation);
        OfTrainingSet = new BiasPredictions(train.Sha256, _labels, CrossFitting.LogProbs(train, spec.Folds, By(_classifier, features), rows =>
            By(LogisticRegression.Fit(features.Select(rows), [.. rows.Select(row => positive[row])], options, cancellation), features)));
        Fit = new OverlapFit(
            spec.C, spec.BalancedClasses, spec.Folds, CrossFitting.FoldSeed, _labels.Names[_positiveClass], _features.Names, _classifier.Coefficients,
            _classifier.Intercept, _classifier.Iterations, _classifier.GradientNorm, OfTrainingSet.Accuracy(EvaluationSet.SameLabels(train)))
        { Vectors = _vectors?.Use(_vectors.Coverage(Texts(train))) };
    }

    public override OverlapFit Fit { get; }

    public override int? PositiveClass => _positiveClass;

    public override BiasPredictions OfTrainingSet { get; }

    public override BiasPredictions Predict(Dataset dataset, CancellationToken cancellation)
    {
        var features = _features.Of(dataset, cancellation);
        var predict = By(_classifier, features);
        var logProbs = new float[features.Rows * _labels.Count];
        for (var row = 0; row < features.Rows; row++)
            predict(row, logProbs.AsSpan(row * _labels.Count, _labels.Count));
        return new BiasPredictions(dataset.Sha256, _labels, logProbs);
    }

    public override double? VectorCoverage(Dataset dataset) => _vectors?.Coverage(Texts(dataset));

    /// <summary>Log-probabilities of two classes spread over all: the positive class keeps its own, every other gets an equal share of the rest.</summary>
    /// <remarks>v1 for the positive class, v0 - ln(K - 1) for each other; for K = 3 the paper's [v0 - ln 2, v1, v0 - ln 2], for K = 2 nothing changes.
    /// The classes are told apart by name, never by position.</remarks>
    internal static void Expand((double Negative, double Positive) logProbs, int positiveClass, Span<float> row)
    {
        row.Fill((float)(logProbs.Negative - Math.Log(row.Length - 1)));
        row[positiveClass] = (float)logProbs.Positive;
    }

    /// <summary>The class entailment or duplicate; null when there is neither.</summary>
    internal static int? PositiveClassOf(LabelSet labels)
    {
        foreach (var name in (string[])["entailment", "duplicate"])
            if (labels.Count >= 2 && labels.IndexOf(name) >= 0)
                return labels.IndexOf(name);
        return null;
    }

    private static int RequirePositiveClass(LabelSet labels) => PositiveClassOf(labels) ?? throw new LabException(ProblemCode.DatasetInvalid, $"The labels {string.Join(", ", labels.Names)} have no class entailment or duplicate, which the overlap bias model predicts.");

    private static IEnumerable<string?> Texts(Dataset dataset) => dataset.Examples.SelectMany(example => (string?[])[example.FirstText, example.SecondText]);

    private RowPredictor By(LogisticRegression classifier, FeatureMatrix features) =>
        (row, logProbs) => Expand(classifier.LogProbabilities(features.Row(row)), _positiveClass, logProbs);
}
