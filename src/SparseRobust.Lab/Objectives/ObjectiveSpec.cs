using System.Text.Json.Serialization;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Objectives;

/// <summary>What an objective reads beside logits and labels; a launch fails early when it cannot be had.</summary>
[Flags]
public enum Needs
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>A bias model's log-probabilities for every training row.</summary>
    BiasLogProbs = 1,

    /// <summary>The log-probabilities of a teacher, another fine-tuned model, for every training row.</summary>
    TeacherLogProbs = 2,

    /// <summary>The model's pooled output, from which its logits are computed.</summary>
    PooledOutput = 4,

    /// <summary>The rows' graded targets: for tasks of regression, and for no others.</summary>
    Targets = 8,
}

/// <summary>The training loss, as a recipe says it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CrossEntropySpec), "cross-entropy")]
[JsonDerivedType(typeof(ProductOfExpertsSpec), "product-of-experts")]
[JsonDerivedType(typeof(ExampleReweightingSpec), "example-reweighting")]
[JsonDerivedType(typeof(ConfidenceRegularizationSpec), "confidence-regularization")]
[JsonDerivedType(typeof(LearnedMixinSpec), "learned-mixin")]
[JsonDerivedType(typeof(FocalSpec), "focal")]
[JsonDerivedType(typeof(MeanSquaredErrorSpec), "mean-squared-error")]
public abstract record ObjectiveSpec
{
    /// <summary>What the objective reads beside logits and labels.</summary>
    [JsonIgnore]
    public abstract Needs Needs { get; }

    /// <summary>The loss itself.</summary>
    /// <param name="hiddenSize">Width of the model's pooled output, for an objective with a layer of its own.</param>
    internal abstract IObjective Build(int hiddenSize);
}

/// <summary>What an objective may read in a step; null what it did not declare in <see cref="ObjectiveSpec.Needs"/>. All floats are fp32.</summary>
internal readonly ref struct ObjectiveInputs
{
    /// <summary>The model's logits.</summary>
    public required Tensor Logits_BC { get; init; }

    /// <summary>Gold class ids, int64; zeros in regression.</summary>
    public required Tensor Labels_B { get; init; }

    /// <summary>The update these rows are for.</summary>
    public required Step Step { get; init; }

    /// <summary>The bias model's normalised log-probabilities (natural), without gradient.</summary>
    public Tensor? BiasLogProbs_BC { get; init; }

    /// <summary>The teacher's normalised log-probabilities (natural), without gradient.</summary>
    public Tensor? TeacherLogProbs_BC { get; init; }

    /// <summary>The model's pooled output before the classifier's dropout, with gradient.</summary>
    public Tensor? Pooled_BD { get; init; }

    /// <summary>The rows' graded targets.</summary>
    public Tensor? Targets_B { get; init; }
}

/// <summary>A loss: pure, no state between batches but for what it learns.</summary>
internal interface IObjective
{
    /// <summary>What the objective learns by itself: optimised, clipped and checkpointed with the model, but no part of it. Null when there is nothing.</summary>
    nn.Module? State => null;

    /// <summary>The scalar to minimise: the mean over the batch, or what the spec says.</summary>
    Tensor Loss(in ObjectiveInputs x);
}
