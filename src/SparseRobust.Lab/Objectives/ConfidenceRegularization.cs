namespace SparseRobust.Lab.Objectives;

/// <summary>Confidence regularisation: the model learns a teacher's probabilities p_t, the flatter the more a bias model is sure of the gold class.
/// S_j = p_t[j]^(1 - beta) / sum_k p_t[k]^(1 - beta) with beta = exp(b[c]); L = -sum_j S_j log softmax(z)[j], batch mean.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.3 and A.2 (after Utama et al. 2020a). No temperature and no term for the gold label. The teacher is the recipe's: a model fine-tuned by
/// itself, by default with cross-entropy, from the same seed; its probabilities of the training rows are predicted once, with dropout off. With beta = 0 it
/// equals distillation of p_t, with beta = 1 the target is uniform.</remarks>
public sealed record ConfidenceRegularizationSpec : ObjectiveSpec
{
    /// <summary>Flattens the bias model's probabilities more and more in the course of the training; null, the default and the paper's, leaves them as they are.</summary>
    public BiasAnnealing? Annealing { get; init; }

    /// <inheritdoc/>
    public override Needs Needs => Needs.BiasLogProbs | Needs.TeacherLogProbs;

    internal override IObjective Build(int hiddenSize) => new ConfidenceRegularization(Annealing);
}

internal sealed class ConfidenceRegularization(BiasAnnealing? annealing) : IObjective
{
    public Tensor Loss(in ObjectiveInputs x)
    {
        var logBias_B1 = BiasAnnealing.LogProbs(annealing, x).gather(1, x.Labels_B.unsqueeze(1));
        // The normalised power of a distribution is the softmax of its scaled logarithms.
        var targets_BC = nn.functional.softmax(x.TeacherLogProbs_BC! * logBias_B1.expm1().neg(), 1);
        return (targets_BC * nn.functional.log_softmax(x.Logits_BC, 1)).sum([1L]).mean().neg();
    }
}
