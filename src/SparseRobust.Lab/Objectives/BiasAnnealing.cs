using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Objectives;

/// <summary>Flattens a bias model's probabilities more and more: p_b^theta, normalised again, where theta falls linearly from 1 at the first update to <see cref="End"/> at the last of the
/// whole training, of which a level of iterative pruning is a part.</summary>
/// <remarks>Source: Utama et al. (2020b), Towards Debiasing NLU Models from Unknown Biases, its annealing mechanism; in Win-win Deal's code, unused in the paper. Deviates: for
/// example reweighting that code raises the weight 1 - beta to the power theta; here it is always the bias model's probabilities, as its confidence
/// regularisation does.</remarks>
public sealed record BiasAnnealing
{
    /// <summary>theta at the last update, in [0, 1]; 1 changes nothing, 0 ends with a uniform bias. Default 0.8, Utama et al.'s.</summary>
    [Range(0.0, 1.0)]
    public double End { get; init; } = 0.8;

    /// <summary>theta in an update.</summary>
    internal double Exponent(Step step) => 1 - (1 - End) * (step.Overall - 1) / Math.Max(1, step.Budget.Horizon - 1);

    /// <summary>The bias log-probabilities of a batch as this update uses them, normalised: [B, C].</summary>
    internal static Tensor LogProbs(BiasAnnealing? annealing, in ObjectiveInputs x) => annealing is null
        ? x.BiasLogProbs_BC!
        : nn.functional.log_softmax(x.BiasLogProbs_BC! * annealing.Exponent(x.Step), 1);
}
