using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Objectives;

/// <summary>Product of experts: L = -log softmax(log softmax(z) + b)[c], batch mean, where b are a bias model's log-probabilities, without gradient.
/// At inference the model's own probabilities are used alone.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.3 and A.2 (after Clark et al. 2019). With a uniform bias it equals cross-entropy.</remarks>
public sealed record ProductOfExpertsSpec : ObjectiveSpec
{
    /// <summary>Flattens the bias model's probabilities more and more in the course of the training; null, the default and the paper's, leaves them as they are.</summary>
    public BiasAnnealing? Annealing { get; init; }

    /// <inheritdoc/>
    public override Needs Needs => Needs.BiasLogProbs;

    internal override IObjective Build(int hiddenSize) => new ProductOfExperts(Annealing);
}

internal sealed class ProductOfExperts(BiasAnnealing? annealing) : IObjective
{
    public Tensor Loss(in ObjectiveInputs x) =>
        FusedOperators.CrossEntropyWithBias(x.Logits_BC, x.Labels_B, BiasAnnealing.LogProbs(annealing, x));
}
