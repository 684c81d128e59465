namespace SparseRobust.Lab.Data;

/// <summary>QQP for training and in-distribution evaluation; PAWS-QQP's evaluation set and PAWS-Wiki's test set out of distribution.</summary>
/// <remarks>Source: Win-win Deal, sec. 4.1. The checkpoint is chosen by F1 of "duplicate", as the authors' code does; the paper reports F1 weighted by class. The upper
/// bound adds the training sets of PAWS-QQP and, where it is in a data folder, PAWS-Wiki; the mixture's name says which.</remarks>
public sealed record QqpPawsTask : OutOfDistributionTask
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.Paraphrase;

    /// <inheritdoc/>
    public override string SelectionMetric => "f1_positive";

    private protected override Func<Example, string> KeyOf => RowKey.PairInAnyOrder;

    private protected override Dataset LoadTrain(DatasetFolders folders, CancellationToken cancellation) => Qqp.Train.Load(folders, cancellation);

    private protected override Dataset LoadDev(DatasetFolders folders, CancellationToken cancellation) => Qqp.Dev.Load(folders, cancellation);

    private protected override IReadOnlyList<EvaluationSet> LoadOutOfDistribution(DatasetFolders folders, CancellationToken cancellation) =>
        [EvaluationSet.SameLabels(Paws.QqpDevAndTest.Load(folders, cancellation)), EvaluationSet.SameLabels(Paws.WikiTest.Load(folders, cancellation))];

    private protected override IReadOnlyList<MixturePart> LoadOutOfDistributionTraining(DatasetFolders folders, CancellationToken cancellation) =>
        [.. new[] { Paws.QqpTrain.Load(folders, cancellation), Paws.WikiTrain.LoadIfThere(folders, cancellation) }.OfType<Dataset>().Select(part => MixturePart.SameLabels(part))];
}
