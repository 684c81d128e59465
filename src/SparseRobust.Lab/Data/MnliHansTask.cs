namespace SparseRobust.Lab.Data;

/// <summary>MNLI for training and in-distribution evaluation, HANS out of distribution.</summary>
public sealed record MnliHansTask : TaskSpec
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation) => throw new NotSupportedException();
}
