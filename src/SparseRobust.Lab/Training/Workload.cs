using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>What the training loop trains: a model, the rows of each update with their loss, and how well the model does. Deterministic under the run's seed: a resumed
/// training asks for the batches of the updates that are left, and gets those it would have had.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>The model; those of its parameters that require gradients are trained.</summary>
    public abstract nn.Module Model { get; }

    /// <summary>What is trained beside the model; null when there is nothing. Known from <see cref="Begin"/> on.</summary>
    public virtual nn.Module? State => null;

    /// <summary>How long the training lasts.</summary>
    public abstract Budget Budget { get; }

    /// <summary>Only evaluations at or after this share of the training may become the chosen checkpoint.</summary>
    public virtual double SelectFrom => 0;

    /// <summary>Updates between the moments whose weights are kept (<see cref="KeptWeights"/>); 0 keeps none.</summary>
    public virtual int KeepEverySteps => 0;

    /// <summary>Called once, with the process's generator seeded and the model as the pruning method wants it: draws what is to be drawn.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>The rows of an update, in parts that fit into memory; the losses of the parts add up to the update's.</summary>
    public abstract IEnumerable<MicroBatch> Batches(Step step);

    /// <summary>Scores on the one set that chooses the checkpoint; among them the slice "all" of the metric "loss".</summary>
    public abstract IReadOnlyList<Score> ScoreDev();

    /// <summary>Scores on the sets that are only watched.</summary>
    public virtual IReadOnlyList<Score> ScoreOthers() => [];

    /// <summary>By what of the dev scores the checkpoint is chosen; more is better.</summary>
    public abstract double Selection(IReadOnlyList<Score> dev);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A part of an update's rows.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Tokens">Their tokens without padding.</param>
/// <param name="PaddedTokens">Their tokens with padding: rows times the length they are padded to.</param>
/// <param name="Loss">Runs the model forward.</param>
internal sealed record MicroBatch(int Rows, int Tokens, int PaddedTokens, Func<LossTerms> Loss);

/// <summary>A part's contribution to the loss of an update.</summary>
/// <param name="Total">Scalar with a gradient.</param>
internal sealed record LossTerms(Tensor Total)
{
    /// <summary>What else is measured of the part, by metric name: scalars that add up over the parts.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Measures { get; init; } = [];
}
