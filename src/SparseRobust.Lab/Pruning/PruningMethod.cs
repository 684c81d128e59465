using System.Text.Json.Serialization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>How a sparse subnetwork is found, as a recipe says it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MagnitudeSpec), "magnitude")]
[JsonDerivedType(typeof(MaskTrainingSpec), "mask-training")]
[JsonDerivedType(typeof(RandomPruningSpec), "random")]
[JsonDerivedType(typeof(IterativeMagnitudeSpec), "imp")]
public abstract record PruningSpec
{
    /// <summary>Share of weights removed, in [0, 1).</summary>
    [JsonIgnore]
    public abstract double TargetSparsity { get; }

    /// <summary>Whether the method cannot work without training steps.</summary>
    [JsonIgnore]
    public abstract bool NeedsTraining { get; }

    /// <summary>What its stage is called in events and by people; of the levels of one method, each has a name of its own.</summary>
    internal virtual string StageName => "prune";

    /// <summary>A setting that does not fit the others, and why; ranges are looked at elsewhere. Null when all fit.</summary>
    internal virtual (string Field, string Problem)? Fault => null;

    /// <summary>What is done one after another, each as a stage that prunes what the one before left. Most methods are one.</summary>
    internal virtual IReadOnlyList<PruningLevel> Levels => [new(this, Trains: true)];

    /// <summary>Whether a level starts from the weights that the first one started from, and takes only the choice of weights from the level before.</summary>
    internal virtual bool Rewinds => false;

    /// <summary>Whether the schedule of the learning rate begins anew with every level, at its peak, and what counts is the end of the level.</summary>
    internal virtual bool RestartsSchedule => false;

    /// <summary>The part of a training that this level takes.</summary>
    internal virtual Budget PartOf(Budget training) => training;

    internal abstract PruningMethod Build(long seed);
}

/// <summary>One of the steps that a pruning method consists of.</summary>
/// <param name="Pruning">What is pruned in it.</param>
/// <param name="Trains">Whether the recipe's training, if there is one, hooks into it.</param>
internal sealed record PruningLevel(PruningSpec Pruning, bool Trains);

/// <summary>A pruning method as hooks around the one training loop. Hooks default to doing nothing.</summary>
internal abstract class PruningMethod : IDisposable
{
    /// <summary>Learnt state of the method (mask scores), trained and checkpointed with the model; null when there is none.</summary>
    public virtual nn.Module? State => null;

    /// <summary>Before <see cref="Begin"/>, for a level after the first: the model and the masks that the level before left, to choose from.</summary>
    public virtual void GoOnFrom(PrunableModel before, MaskSet masks)
    {
    }

    /// <summary>Installs masks and scores, freezes what the method does not train.</summary>
    public virtual void Begin(PrunableModel model, Budget budget)
    {
    }

    /// <summary>After gradients, before clipping and the update.</summary>
    public virtual void AfterBackward(PrunableModel model, Step step)
    {
    }

    /// <summary>After the optimizer's update.</summary>
    public virtual void AfterUpdate(PrunableModel model, Step step)
    {
    }

    /// <summary>Right before every evaluation: brings the model to exactly the sparsity that belongs to the step.</summary>
    public virtual void BeforeEvaluation(PrunableModel model, Step step)
    {
    }

    /// <summary>Whether what is evaluated at the step may become the chosen checkpoint; the last step always may.</summary>
    public virtual bool MayBeChosen(Step step) => true;

    /// <summary>The masks in force since the last <see cref="BeforeEvaluation"/>: the answer, at the end.</summary>
    public abstract MaskSet Masks(PrunableModel model);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
