using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>One-shot magnitude pruning: in every matrix the floor(numel x sparsity) weights of smallest |w| are removed once, before any further training.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.2 (OMP), local scope. Encoder and pooler are pruned, the classifier is not.
/// Deviates: ties at the threshold are broken by position so that the count is exact (the paper's code over-prunes).
/// With training, the mask stays fixed and removed weights stay zero and get no update.</remarks>
public sealed record MagnitudeSpec : PruningSpec
{
    /// <summary>Share of each matrix removed, in [0, 1).</summary>
    [Range(0.0, 0.999)]
    [Suggested(0.5)]
    public required double Sparsity { get; init; }

    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override bool NeedsTraining => false;

    internal override PruningMethod Build(long seed) => new Magnitude(Sparsity);
}

internal sealed class Magnitude(double sparsity) : PruningMethod
{
    private readonly List<FixedMask> _masks = [];

    public override void Begin(PrunableModel model, Budget budget)
    {
        using var noGrad = no_grad();
        foreach (var (_, linear, _) in model.Entries(PrunableSet.SrNets))
        {
            using var scope = NewDisposeScope();
            var keep = Selection.KeepLargest(linear.Weight.abs(), Selection.ZeroCount(linear.Weight.numel(), sparsity));
            var mask = new FixedMask(keep.to_type(linear.Weight.dtype).DetachFromDisposeScope());
            linear.Weight.mul_(mask.Keep);
            linear.Mask = mask;
            _masks.Add(mask);
        }
    }

    public override MaskSet Masks(PrunableModel model) =>
        MaskSet.From(model.Entries(PrunableSet.SrNets).Select((matrix, i) => (matrix.Id, _masks[i].Keep)));

    protected override void Dispose(bool disposing)
    {
        foreach (var mask in _masks)
            mask.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A mask that never changes: W_eff = W * keep, so removed weights get no gradient either.</summary>
internal sealed class FixedMask(Tensor keep) : IWeightMask, IDisposable
{
    /// <summary>1 for kept, 0 for removed, in the weight's shape and dtype; owned here.</summary>
    public Tensor Keep { get; } = keep;

    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias, bool training) => nn.functional.linear(input, weight * Keep, bias);

    public void Dispose() => Keep.Dispose();
}
