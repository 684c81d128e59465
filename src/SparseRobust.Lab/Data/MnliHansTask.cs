using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>MNLI for training and in-distribution evaluation, HANS out of distribution.</summary>
public sealed record MnliHansTask : TaskSpec
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    /// <summary>Train on this many rows of MNLI, a fixed part with the same label shares (<see cref="StratifiedSample"/>); null, the default, means all.</summary>
    public int? TrainRows { get; init; }

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation)
    {
        if (TrainRows < 1)
            throw new LabException(ProblemCode.RecipeInvalid, $"trainRows is {TrainRows}: give at least 1, or leave it out to train on all rows.");
        var train = Mnli.Train(folders, cancellation);
        return new TaskData(
            TrainRows is { } rows ? StratifiedSample.Take(train, rows) : train,
            Mnli.DevMatched(folders, cancellation),
            [EvaluationSet.ThreeToTwoWayNli(Hans.Evaluation(folders, cancellation))]);
    }
}
