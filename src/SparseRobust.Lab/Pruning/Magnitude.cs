using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Pruning;

/// <summary>Among which weights the smallest are sought.</summary>
public enum PruningScope
{
    /// <summary>Within each matrix: every matrix loses the same share. The papers' way.</summary>
    Local,

    /// <summary>Among all pruned matrices at once, by one threshold: matrices of small weights lose more.</summary>
    Global,
}

/// <summary>One-shot magnitude pruning: the floor(numel x sparsity) weights of smallest |w| are removed once, before any further training, in every matrix or over all of them.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.2 (OMP), local scope; global is an option of the authors' code. Encoder and pooler are pruned, the classifier is not.
/// Deviates: ties at the threshold are broken by position, over all matrices in their order where the scope is global, so that the count is exact (the paper's code
/// over-prunes). With training, the mask stays fixed and removed weights stay zero and get no update.</remarks>
public sealed record MagnitudeSpec : PruningSpec
{
    /// <summary>Share of weights removed, in [0, 1): of each matrix, or with global scope of encoder and pooler together.</summary>
    [Range(0.0, 0.999)]
    [Suggested(0.5)]
    public required double Sparsity { get; init; }

    /// <summary>Among which weights the smallest are sought: within each matrix (local, the default) or in encoder and pooler together (global). With global the encoder's share,
    /// which is reported, is not exactly the sparsity: the pooler has its own.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Local;

    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override bool NeedsTraining => false;

    internal override PruningMethod Build(long seed) => new Magnitude(this);
}

internal sealed class Magnitude(MagnitudeSpec spec) : FixedMasks
{
    protected override IEnumerable<Tensor> Choose(IReadOnlyList<PrunableEntry> entries) =>
        spec.Scope == PruningScope.Global ? Global(entries) : entries.Select(entry => Largest(entry.Linear.Weight));

    private Tensor Largest(Tensor weights)
    {
        using var scope = NewDisposeScope();
        return Selection.KeepLargest(weights.abs(), Selection.ZeroCount(weights.numel(), spec.Sparsity)).MoveToOuterDisposeScope();
    }

    private List<Tensor> Global(IReadOnlyList<PrunableEntry> entries)
    {
        var keep = Largest(cat([.. entries.Select(entry => entry.Linear.Weight.reshape(-1))], 0));
        var parts = new List<Tensor>();
        var start = 0L;
        foreach (var weight in entries.Select(entry => entry.Linear.Weight))
        {
            parts.Add(keep.narrow(0, start, weight.numel()).reshape(weight.shape));
            start += weight.numel();
        }
        return parts;
    }
}
