using System.Text.Json.Serialization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Pruning;

/// <summary>How a sparse subnetwork is found, as a recipe says it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MagnitudeSpec), "magnitude")]
[JsonDerivedType(typeof(MaskTrainingSpec), "mask-training")]
[JsonDerivedType(typeof(RandomPruningSpec), "random")]
public abstract record PruningSpec
{
    /// <summary>Share of weights removed, in [0, 1).</summary>
    [JsonIgnore]
    public abstract double TargetSparsity { get; }

    /// <summary>Whether the method cannot work without training steps.</summary>
    [JsonIgnore]
    public abstract bool NeedsTraining { get; }

    /// <summary>A setting that does not fit the others, and why; ranges are looked at elsewhere. Null when all fit.</summary>
    internal virtual (string Field, string Problem)? Fault => null;

    internal abstract PruningMethod Build(long seed);
}

/// <summary>A pruning method as hooks around the one training loop. Hooks default to doing nothing.</summary>
internal abstract class PruningMethod : IDisposable
{
    /// <summary>Learnt state of the method (mask scores), trained and checkpointed with the model; null when there is none.</summary>
    public virtual nn.Module? State => null;

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
