using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Data;

/// <summary>MNLI for training and in-distribution evaluation, HANS out of distribution.</summary>
public sealed record MnliHansTask : TaskSpec
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    /// <summary>Train on this many rows of MNLI, a fixed part with the same label shares (<see cref="StratifiedSample"/>); null, the default, means all.</summary>
    [Range(1, int.MaxValue)]
    public int? TrainRows { get; init; }

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation)
    {
        var train = Mnli.Train(folders, cancellation);
        return new TaskData(
            TrainRows is { } rows ? StratifiedSample.Take(train, rows) : train,
            Mnli.DevMatched(folders, cancellation),
            [EvaluationSet.ThreeToTwoWayNli(Hans.Evaluation(folders, cancellation))]);
    }
}
