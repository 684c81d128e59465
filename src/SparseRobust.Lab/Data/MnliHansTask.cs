namespace SparseRobust.Lab.Data;

/// <summary>MNLI for training and in-distribution evaluation, HANS out of distribution.</summary>
/// <remarks>Source: Win-win Deal, sec. 4.1. The upper bound adds HANS's training set, its non-entailment as contradiction.</remarks>
public sealed record MnliHansTask : OutOfDistributionTask
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    private protected override Dataset LoadTrain(DatasetFolders folders, CancellationToken cancellation) => Mnli.Train.Load(folders, cancellation);

    private protected override Dataset LoadDev(DatasetFolders folders, CancellationToken cancellation) => Mnli.DevMatched.Load(folders, cancellation);

    private protected override IReadOnlyList<EvaluationSet> LoadOutOfDistribution(DatasetFolders folders, CancellationToken cancellation) =>
        [EvaluationSet.ThreeToTwoWayNli(Hans.Evaluation.Load(folders, cancellation))];

    private protected override IReadOnlyList<MixturePart> LoadOutOfDistributionTraining(DatasetFolders folders, CancellationToken cancellation) =>
        [MixturePart.TwoToThreeWayNli(Hans.Train.Load(folders, cancellation))];
}
