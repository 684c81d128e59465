using System.ComponentModel.DataAnnotations;
using System.Globalization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Pruning;

/// <summary>How mask scores start.</summary>
public enum MaskInitialisation
{
    /// <summary>0 for the weights magnitude pruning would remove, else scale x threshold. The paper's default.</summary>
    Hard,

    /// <summary>Scores |w|, threshold at the target rank.</summary>
    Soft,

    /// <summary>As hard, at uniformly random positions.</summary>
    Uniform,
}

/// <summary>Mask training: weights are frozen, a real score per weight is learnt; W_eff = W * 1[score &gt; phi].</summary>
/// <remarks>Source: Win-win Deal, sec. 3.2.2, A.1.2, Algorithm 2, Table 4. Straight-through gradient: dL/dscore = dL/dW_eff * W, also for removed entries.
/// Before each evaluation phi of every matrix becomes the floor(numel x sparsity)-th smallest score (kept when that is also the largest).
/// With gradual sparsity (sec. 5.2, B.3.3, C.4) the share removed then is that of the schedule at this update, and what is chosen in the end is the best evaluation at exactly the final
/// sparsity; the authors' code saves the masks of the best evaluation at the initial sparsity.
/// Deviates: at evaluation ties are broken by position, so the sparsity there is exact to one weight; the paper prints score &gt;= phi, its code uses &gt;, as here.</remarks>
public sealed record MaskTrainingSpec : PruningSpec
{
    /// <summary>Share of each matrix removed, in [0, 1).</summary>
    [Range(0.0, 0.999)]
    [Suggested(0.5)]
    public required double Sparsity { get; init; }

    /// <summary>How scores start.</summary>
    public MaskInitialisation Initialisation { get; init; } = MaskInitialisation.Hard;

    /// <summary>Initial threshold phi (hard, uniform).</summary>
    [Range(1e-6, 10.0)]
    public double Threshold { get; init; } = 0.01;

    /// <summary>Initial score of kept weights in units of phi (hard, uniform): the paper's alpha.</summary>
    [Range(1.0, 100.0)]
    public double Scale { get; init; } = 2;

    /// <summary>Whether the (frozen) classifier is masked too, as in the paper's code.</summary>
    public bool MaskClassifier { get; init; } = true;

    /// <summary>Lets the sparsity rise during the training, up to <see cref="Sparsity"/>; needs initialisation soft. Null, the default, holds it from the first update on.</summary>
    public CubicSparsity? Gradual { get; init; }

    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    internal override (string Field, string Problem)? Fault => Gradual is not { } gradual ? null
        : Initialisation != MaskInitialisation.Soft ? ("initialisation", "must be soft beside gradual: hard and uniform scores start with two values, and among so many ties no threshold removes more, so the sparsity would stay where it starts.")
        : gradual.InitialSparsity >= Sparsity ? ("gradual.initial_sparsity", string.Create(CultureInfo.InvariantCulture, $"{gradual.InitialSparsity} is not below sparsity {Sparsity}, to which it is to rise."))
        : gradual.From >= gradual.To ? ("gradual.from", string.Create(CultureInfo.InvariantCulture, $"{gradual.From} is not before gradual.to {gradual.To}."))
        : null;

    internal override PruningMethod Build(long seed) => new MaskTraining(this, seed);
}

internal sealed class MaskTraining(MaskTrainingSpec spec, long seed) : PruningMethod
{
    private const long Purpose = 0x6d61736b; // keeps this stream apart from other uses of the same seed

    private readonly ScoreModule _scores = new();

    public override nn.Module State => _scores;

    public override void Begin(PrunableModel model, Budget budget)
    {
        foreach (var parameter in model.Model.parameters())
            parameter.requires_grad = false;
        foreach (var (id, linear, _) in model.Entries(spec.MaskClassifier ? PrunableSet.SrNetsWithClassifier : PrunableSet.SrNets))
            linear.Mask = _scores.Add(id, Initial(linear.Weight, _scores.Count));
    }

    public override void BeforeEvaluation(PrunableModel model, Step step)
    {
        foreach (var mask in _scores.Masks)
            mask.MoveThreshold(SparsityAt(step));
    }

    public override bool MayBeChosen(Step step) => SparsityAt(step) == spec.Sparsity;

    public override MaskSet Masks(PrunableModel model) => MaskSet.From(_scores.Masks.Select(mask => (mask.Id, mask.Keep)));

    protected override void Dispose(bool disposing)
    {
        _scores.Dispose();
        base.Dispose(disposing);
    }

    private double SparsityAt(Step step) => spec.Gradual?.At(step, spec.Sparsity) ?? spec.Sparsity;

    private (Tensor Scores, Tensor Threshold) Initial(Tensor weight, int index)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var magnitude = spec.Initialisation == MaskInitialisation.Uniform ? RandomLike(weight, index) : weight.detach().abs();
        var zeroCount = Selection.ZeroCount(weight.numel(), spec.Gradual?.InitialSparsity ?? spec.Sparsity);
        if (spec.Initialisation == MaskInitialisation.Soft)
        {
            var rank = zeroCount == 0 ? full([1], -1.0, device: weight.device) : Selection.Smallest(magnitude.reshape(-1), zeroCount).reshape(1);
            return (magnitude.clone().MoveToOuterDisposeScope(), rank.MoveToOuterDisposeScope());
        }
        var keep = Selection.KeepLargest(magnitude, zeroCount).to_type(weight.dtype);
        return ((keep * (spec.Scale * spec.Threshold)).MoveToOuterDisposeScope(), full([1], spec.Threshold, device: weight.device).MoveToOuterDisposeScope());
    }

    private Tensor RandomLike(Tensor weight, int index)
    {
        var ranks = SplitMix64.From(Purpose, seed, index).Permutation((int)weight.numel());
        return tensor(ranks.Select(rank => (float)rank).ToArray(), device: weight.device).reshape(weight.shape);
    }
}

/// <summary>The scores and thresholds of all masked matrices as one module, so that they are optimised and checkpointed like any parameter.</summary>
internal sealed class ScoreModule() : nn.Module("mask_scores")
{
    private readonly List<TrainedMask> _masks = [];

    public IReadOnlyList<TrainedMask> Masks => _masks;

    public int Count => _masks.Count;

    public TrainedMask Add(MatrixId id, (Tensor Scores, Tensor Threshold) initial)
    {
        var scores = nn.Parameter(initial.Scores.DetachFromDisposeScope());
        var mask = new TrainedMask(id, scores, initial.Threshold.DetachFromDisposeScope());
        register_parameter($"{_masks.Count}_scores", scores);
        register_buffer($"{_masks.Count}_threshold", mask.Threshold);
        _masks.Add(mask);
        return mask;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var mask in _masks)
            mask.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>One matrix's learnt mask.</summary>
internal sealed class TrainedMask(MatrixId id, Parameter scores, Tensor threshold) : IWeightMask, IDisposable
{
    private Tensor? _keep;

    public MatrixId Id { get; } = id;

    /// <summary>phi, one number; owned by the module, changed in place.</summary>
    public Tensor Threshold { get; } = threshold;

    /// <summary>The exact mask of the last <see cref="MoveThreshold"/>, 1 or 0 in the weight's dtype.</summary>
    public Tensor Keep => _keep ?? throw new InvalidOperationException("MoveThreshold comes first.");

    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias, bool training) => training
        ? FusedOperators.MaskedLinear(input, weight, (scores, Threshold), bias)
        : nn.functional.linear(input, weight * Keep, bias);

    public void MoveThreshold(double sparsity)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var flat = scores.detach().reshape(-1);
        var zeroCount = Selection.ZeroCount(flat.numel(), sparsity);
        _keep?.Dispose();
        _keep = Selection.KeepLargest(scores.detach(), zeroCount).to_type(scores.dtype).DetachFromDisposeScope();
        if (zeroCount == 0)
            return;
        var rank = Selection.Smallest(flat, zeroCount);
        if (rank.item<float>() < flat.max().item<float>())
            Threshold.copy_(rank.reshape(1));
    }

    public void Dispose() => _keep?.Dispose();
}
