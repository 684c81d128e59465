using System.ComponentModel.DataAnnotations;
using System.Globalization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>Whether the weights that iterative pruning has trained are kept.</summary>
public enum Rewinding
{
    /// <summary>They are: the subnetwork at the target sparsity is trained for a tenth of the training and returned. The paper's imp.</summary>
    Never,

    /// <summary>They choose what is removed; what is returned, without more training, are the weights before the first prune. The paper's imp-rw as its algorithm prints it.</summary>
    AtReturn,

    /// <summary>After every prune the training starts from the weights before the first one; these are returned, too.</summary>
    EveryPrune,
}

/// <summary>Iterative magnitude pruning (IMP): prune 10 % of the original weights of every matrix, those of smallest |w|, train for a tenth of the training, and again, up to the target:
/// sparsities 10, 20 ... 90 %; prune number n, from 0, takes 1 / (10 - n) of what is left.</summary>
/// <remarks>Source: Win-win Deal, Algorithm 1 and the authors' code. Encoder and pooler are pruned, the classifier is trained but not pruned. Removed weights stay zero and get no update
/// (W = m * W); masks nest. Every tenth begins with a fresh optimiser and at the peak of the learning rate, which falls towards the end of the whole training: from eta to 0.9 eta. A
/// subnetwork is what its tenth ends with, no checkpoint is chosen. The levels are stages of their own, so that runs with other targets share them.
/// Deviates: ties are broken by position, so that counts are exact; the training's objective is used, where the authors' code trains with cross-entropy whatever is asked for; where that code
/// means to rewind it does not, because it keeps the weights themselves and no copy, which comes to at_return. The draws of dropout, and what an objective itself learns (learned-mixin), begin
/// anew with every level. Rows go on where the level before stopped.</remarks>
public sealed record IterativeMagnitudeSpec : PruningSpec
{
    private const int Tenths = 10;

    /// <summary>Share of each matrix removed in the end: 0.1, 0.2 ... or 0.9.</summary>
    [Range(0.1, 0.9)]
    [Suggested(0.5)]
    public required double Sparsity { get; init; }

    /// <summary>Whether the trained weights are kept (never, the default), or only what they say of which weights to remove: at_return or every_prune, for a subnetwork that is trained afterwards.</summary>
    public Rewinding Rewind { get; init; } = Rewinding.Never;

    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>How many prunes lead to the sparsity.</summary>
    private int Prunes => (int)Math.Round(Sparsity * Tenths);

    internal override string StageName => string.Create(CultureInfo.InvariantCulture, $"prune to {Sparsity}");

    internal override (string Field, string Problem)? Fault => Sparsity == Share(Prunes) ? null
        : ("sparsity", string.Create(CultureInfo.InvariantCulture, $"{Sparsity} is not one of 0.1, 0.2 ... 0.9: every prune removes a tenth of the weights."));

    // The levels before the last are those of a run without rewinding, which shares them, unless every prune rewinds.
    internal override IReadOnlyList<PruningLevel> Levels =>
    [
        .. Enumerable.Range(1, Prunes - 1).Select(prunes => new PruningLevel(
            new IterativeMagnitudeSpec { Sparsity = Share(prunes), Rewind = Rewind == Rewinding.EveryPrune ? Rewind : Rewinding.Never }, Trains: true)),
        new PruningLevel(this, Trains: Rewind == Rewinding.Never),
    ];

    internal override bool Rewinds => Rewind != Rewinding.Never;

    internal override bool RestartsSchedule => true;

    internal override Budget PartOf(Budget training) => training.Tenth(Prunes - 1);

    internal override PruningMethod Build(long seed) => new IterativeMagnitude(Sparsity);

    private static double Share(int prunes) => prunes / (double)Tenths;
}

internal sealed class IterativeMagnitude(double sparsity) : FixedMasks
{
    private MaskSet? _masks;

    public override void GoOnFrom(PrunableModel before, MaskSet masks)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _masks = MaskSet.From(before.Entries(Pruned).Select(entry => (entry.Id, Largest(entry, masks))));
    }

    public override bool MayBeChosen(Step step) => false;

    protected override IEnumerable<Tensor> Choose(IReadOnlyList<PrunableEntry> entries) => entries.Select(entry => _masks?.KeepOf(entry.Id).to(entry.Linear.Weight.device) ?? Largest(entry, null));

    // What was removed counts as smaller than any weight: a kept one that happens to be zero goes after it.
    private Tensor Largest(PrunableEntry entry, MaskSet? masks)
    {
        using var scope = NewDisposeScope();
        var magnitudes = entry.Linear.Weight.abs();
        if (masks?.KeepOf(entry.Id).to(magnitudes.device) is { } kept)
            magnitudes = magnitudes * kept + (kept - 1);
        return Selection.KeepLargest(magnitudes, Selection.ZeroCount(magnitudes.numel(), sparsity)).MoveToOuterDisposeScope();
    }
}
