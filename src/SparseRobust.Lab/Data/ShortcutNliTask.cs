namespace SparseRobust.Lab.Data;

/// <summary>The built-in three-way NLI task whose training data ties word overlap to entailment.</summary>
public sealed record ShortcutNliTask : TaskSpec
{
    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation) => throw new NotSupportedException();
}
