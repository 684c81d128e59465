using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Data;

/// <summary>A task of published datasets that is trained and chosen in distribution and judged out of distribution, too.</summary>
public abstract record OutOfDistributionTask : LabelledTask
{
    /// <summary>Train on this many rows of the training set, a fixed part with the same label shares (<see cref="StratifiedSample"/>); null, the default, means all.</summary>
    [Range(1, int.MaxValue)]
    public int? TrainRows { get; init; }

    /// <summary>
    /// Whether out-of-distribution training data is added to the training set: an upper bound, not a result. Default false. The dev set stays as it is. No row of
    /// any set that is evaluated on is trained on: those that occur in the training data are left out and counted. Objectives that need a bias model
    /// cannot be used with it.
    /// </summary>
    /// <remarks>Source: Win-win Deal, Figures 6 and 10. Deviates: the paper trains on rows that it evaluates on wherever the published files share some;
    /// half of FEVER-Symmetric v2's dev set is in v1's test set.</remarks>
    public bool TrainOnOutOfDistribution { get; init; }

    internal sealed override bool TrainsOnMixture => TrainOnOutOfDistribution;

    /// <summary>What makes two rows the same when evaluation data is kept out of a mixture.</summary>
    private protected virtual Func<Example, string> KeyOf => RowKey.Pair;

    internal sealed override TaskData Load(DatasetFolders folders, CancellationToken cancellation)
    {
        // What is wrong with the training set is told first.
        var allRows = LoadTrain(folders, cancellation);
        var dev = LoadDev(folders, cancellation);
        var outOfDistribution = LoadOutOfDistribution(folders, cancellation);
        var train = StratifiedSample.TakeOrWhole(Admitted(allRows, outOfDistribution), TrainRows);
        if (TrainOnOutOfDistribution)
        {
            var held = new HeldOutRows(outOfDistribution.Select(set => set.Dataset).Prepend(dev), KeyOf);
            var parts = LoadOutOfDistributionTraining(folders, cancellation).Select(part => part with { Dataset = held.RemoveFrom(part.Dataset) });
            train = TrainingMixture.Join(held.RemoveFrom(train), [.. parts]);
        }
        return new TaskData(train, dev, outOfDistribution);
    }

    private protected abstract Dataset LoadTrain(DatasetFolders folders, CancellationToken cancellation);

    private protected abstract Dataset LoadDev(DatasetFolders folders, CancellationToken cancellation);

    private protected abstract IReadOnlyList<EvaluationSet> LoadOutOfDistribution(DatasetFolders folders, CancellationToken cancellation);

    /// <summary>What the upper bound adds to the training set.</summary>
    private protected abstract IReadOnlyList<MixturePart> LoadOutOfDistributionTraining(DatasetFolders folders, CancellationToken cancellation);

    /// <summary>The rows of the training set that may be trained on at all; by default all.</summary>
    private protected virtual Dataset Admitted(Dataset train, IReadOnlyList<EvaluationSet> outOfDistribution) => train;
}
