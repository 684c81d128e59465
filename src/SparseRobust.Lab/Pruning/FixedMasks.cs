using SparseRobust.Lab.Models;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>A method whose masks are chosen once, at the beginning: removed weights become zero and stay it, get no gradient and no update, W_eff = W * mask.</summary>
internal abstract class FixedMasks : PruningMethod
{
    private readonly List<FixedMask> _masks = [];

    /// <summary>What such methods prune: encoder and pooler, not the classifier.</summary>
    protected static PrunableSet Pruned => PrunableSet.SrNets;

    public override void Begin(PrunableModel model, Budget budget)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        List<PrunableEntry> entries = [.. model.Entries(Pruned)];
        foreach (var (entry, keep) in entries.Zip(Choose(entries)))
        {
            var weight = entry.Linear.Weight;
            var mask = new FixedMask(keep.to_type(weight.dtype).DetachFromDisposeScope());
            weight.mul_(mask.Keep);
            entry.Linear.Mask = mask;
            _masks.Add(mask);
        }
    }

    public override MaskSet Masks(PrunableModel model) =>
        MaskSet.From(model.Entries(Pruned).Select((entry, i) => (entry.Id, _masks[i].Keep)));

    /// <summary>What stays of each entry, true for kept, in the weight's shape and on its device; the caller's.</summary>
    protected abstract IEnumerable<Tensor> Choose(IReadOnlyList<PrunableEntry> entries);

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
