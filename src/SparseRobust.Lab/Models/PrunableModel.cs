namespace SparseRobust.Lab.Models;

/// <summary>A model's prunable weights as typed entries.</summary>
internal sealed class PrunableModel
{
    public PrunableModel(TextClassifier model)
    {
        Model = model;
        Matrices = [.. model.PrunableMatrices];
    }

    public TextClassifier Model { get; }

    /// <summary>All that any method may prune; empty for a model that cannot be pruned (<see cref="ModelSpec.IsPrunable"/>).</summary>
    public IReadOnlyList<(MatrixId Id, PrunableLinear Linear)> Matrices { get; }

    /// <summary>What a paper prunes, in the order of <see cref="Matrices"/>, a weight before its bias.</summary>
    public IEnumerable<PrunableEntry> Entries(PrunableSet set) => Matrices.SelectMany(set.Of);

    /// <summary>Clears the mask of every matrix.</summary>
    public void ClearMasks()
    {
        foreach (var (_, linear) in Matrices)
            linear.Mask = null;
    }
}
