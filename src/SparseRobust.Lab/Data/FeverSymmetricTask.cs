namespace SparseRobust.Lab.Data;

/// <summary>FEVER for training and in-distribution evaluation; FEVER-Symmetric v1 (generated) and v2 (test) out of distribution.</summary>
/// <remarks>Source: Win-win Deal, sec. 4.1. The argmax over three classes is kept: a prediction of NOT ENOUGH INFO on a set without that class is wrong. Training rows whose
/// claim occurs in one of the Symmetric sets are left out and counted, since those sets were made from FEVER's dev set. The upper bound adds ten copies
/// of Symmetric v2's dev set, less the rows that v1 and v2's test set have, too (about half).</remarks>
public sealed record FeverSymmetricTask : OutOfDistributionTask
{
    private const int CopiesOfSymmetric = 10;

    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.FactVerification;

    private protected override Dataset LoadTrain(DatasetFolders folders, CancellationToken cancellation) => Fever.Train.Load(folders, cancellation);

    private protected override Dataset LoadDev(DatasetFolders folders, CancellationToken cancellation) => Fever.Dev.Load(folders, cancellation);

    private protected override IReadOnlyList<EvaluationSet> LoadOutOfDistribution(DatasetFolders folders, CancellationToken cancellation) =>
        [EvaluationSet.SameLabels(FeverSymmetric.V1Generated.Load(folders, cancellation)), EvaluationSet.SameLabels(FeverSymmetric.V2Test.Load(folders, cancellation))];

    private protected override IReadOnlyList<MixturePart> LoadOutOfDistributionTraining(DatasetFolders folders, CancellationToken cancellation) =>
        [MixturePart.SameLabels(FeverSymmetric.V2Dev.Load(folders, cancellation), CopiesOfSymmetric)];

    private protected override Dataset Admitted(Dataset train, IReadOnlyList<EvaluationSet> outOfDistribution) =>
        new HeldOutRows(outOfDistribution.Select(set => set.Dataset), RowKey.Claim).RemoveFrom(train);
}
