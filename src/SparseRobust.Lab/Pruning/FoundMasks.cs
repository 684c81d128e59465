using SparseRobust.Lab.Models;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>Masks that were found before, kept as they are: removed weights are zero from the start and get neither gradient nor update.</summary>
internal sealed class FoundMasks(MaskSet found) : PruningMethod
{
    private readonly List<FixedMask> _masks = [];

    public override void Begin(PrunableModel model, Budget budget)
    {
        using var noGrad = no_grad();
        foreach (var matrix in found.Matrices)
        {
            using var scope = NewDisposeScope();
            var linear = model.Matrices.Single(entry => entry.Id == matrix.Id).Linear;
            var mask = new FixedMask(MaskSet.Unpack(matrix).to(linear.Weight.device).to_type(linear.Weight.dtype).DetachFromDisposeScope());
            linear.Weight.mul_(mask.Keep);
            linear.Mask = mask;
            _masks.Add(mask);
        }
    }

    public override MaskSet Masks(PrunableModel model) => found;

    protected override void Dispose(bool disposing)
    {
        foreach (var mask in _masks)
            mask.Dispose();
        base.Dispose(disposing);
    }
}
