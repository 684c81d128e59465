using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Pruning;

/// <summary>Random pruning, the baseline of every other method: in every matrix floor(numel x sparsity) weights, chosen uniformly without replacement, are removed once, before any
/// further training.</summary>
/// <remarks>Source: Win-win Deal, the authors' code (uniform choice within each matrix). Encoder and pooler are pruned, the classifier is not. The choice depends on the run's seed and
/// on which matrix it is, through a generator of our own (<see cref="SplitMix64"/>): not on the weights, the device or the number of threads. Of two sparsities under one seed
/// the lower removes a part of what the higher does. With training, the mask stays fixed and removed weights stay zero and get no update.</remarks>
public sealed record RandomPruningSpec : PruningSpec
{
    /// <summary>Share of each matrix removed, in [0, 1).</summary>
    [Range(0.0, 0.999)]
    [Suggested(0.5)]
    public required double Sparsity { get; init; }

    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override bool NeedsTraining => false;

    internal override PruningMethod Build(long seed) => new RandomPruning(Sparsity, seed);
}

internal sealed class RandomPruning(double sparsity, long seed) : FixedMasks
{
    private const long Purpose = 0x72616e646f6d; // keeps this stream apart from other uses of the same seed

    protected override IEnumerable<Tensor> Choose(IReadOnlyList<PrunableEntry> entries) => entries.Select(Kept);

    private Tensor Kept(PrunableEntry entry)
    {
        var weight = entry.Linear.Weight;
        var zeroCount = Selection.ZeroCount(weight.numel(), sparsity);
        var ranks = SplitMix64.From(Purpose, seed, entry.Id.Layer, (long)entry.Id.Kind).Permutation((int)weight.numel());
        return tensor(ranks.Select(rank => rank >= zeroCount).ToArray(), device: weight.device).reshape(weight.shape);
    }
}
