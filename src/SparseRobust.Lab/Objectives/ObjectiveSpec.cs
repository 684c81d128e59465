using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Objectives;

/// <summary>What an objective reads beside logits and labels; a launch fails early when it cannot be had.</summary>
[Flags]
public enum Needs
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>A bias model's log-probabilities for every training row.</summary>
    BiasLogProbs = 1,
}

/// <summary>The training loss, as a recipe says it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CrossEntropySpec), "cross-entropy")]
[JsonDerivedType(typeof(ProductOfExpertsSpec), "product-of-experts")]
public abstract record ObjectiveSpec
{
    /// <summary>What the objective reads beside logits and labels.</summary>
    [JsonIgnore]
    public abstract Needs Needs { get; }

    internal abstract IObjective Build();
}

/// <summary>What an objective may read in a step.</summary>
/// <param name="logits_BC">The model's logits.</param>
/// <param name="labels_B">Gold class ids, int64.</param>
/// <param name="biasLogProbs_BC">The bias model's normalised log-probabilities; null unless <see cref="Needs.BiasLogProbs"/>.</param>
internal readonly ref struct ObjectiveInputs(Tensor logits_BC, Tensor labels_B, Tensor? biasLogProbs_BC)
{
    public Tensor Logits_BC { get; } = logits_BC;

    public Tensor Labels_B { get; } = labels_B;

    public Tensor? BiasLogProbs_BC { get; } = biasLogProbs_BC;
}

/// <summary>A loss: pure, no state between batches.</summary>
internal interface IObjective
{
    /// <summary>The scalar to minimise: the mean over the batch.</summary>
    Tensor Loss(in ObjectiveInputs x);
}
