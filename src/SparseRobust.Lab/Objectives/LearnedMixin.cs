using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Objectives;

/// <summary>Learned-mixin: product of experts in which the model says for each row how much the bias model counts. g = softplus(w . h + b0) from the pooled output h;
/// L = -log softmax(log softmax(z) + g b)[c] + entropy_penalty x H(softmax(g b)), batch mean, where b are a bias model's log-probabilities.</summary>
/// <remarks>
/// Source: Clark et al. (2019), Don't Take the Easy Way Out (Learned-Mixin, Learned-Mixin +H), and their code; in Win-win Deal's code, unused in the paper. A penalty above 0 makes it
/// learned-mixin+H: without one, the model may learn g = 0 and ignore the bias.
/// w [D] and b0 belong to the loss: they start from N(0, 0.02) and 0, are trained with the model, and are no part of the saved model. h is the pooled output before the
/// classifier's dropout, and gradients flow through it, as there. Mask training freezes every weight of the model but not w and b0, which are learnt together with the masks.
/// </remarks>
public sealed record LearnedMixinSpec : ObjectiveSpec
{
    /// <summary>Weight of the mean entropy, in nats, of the scaled bias. Default 0: learned-mixin. Clark et al. take 0.03 for HANS, Utama et al. 0.01 for QQP.</summary>
    [Range(0.0, 1000.0)]
    public double EntropyPenalty { get; init; }

    /// <inheritdoc/>
    public override Needs Needs => Needs.BiasLogProbs | Needs.PooledOutput;

    internal override IObjective Build(int hiddenSize) => new LearnedMixin(EntropyPenalty, hiddenSize);
}

internal sealed class LearnedMixin : IObjective
{
    private const double StandardDeviation = 0.02;

    private readonly double _entropyPenalty;
    private readonly Linear _trust;

    public LearnedMixin(double entropyPenalty, int hiddenSize)
    {
        _entropyPenalty = entropyPenalty;
        _trust = nn.Linear(hiddenSize, 1);
        using var noGrad = no_grad();
        nn.init.normal_(_trust.weight!, 0, StandardDeviation);
        nn.init.zeros_(_trust.bias!);
    }

    public nn.Module State => _trust;

    public Tensor Loss(in ObjectiveInputs x)
    {
        var scaled_BC = x.BiasLogProbs_BC! * Softplus(_trust.forward(x.Pooled_BD!));
        var loss = nn.functional.cross_entropy(nn.functional.log_softmax(x.Logits_BC, 1) + scaled_BC, x.Labels_B);
        return _entropyPenalty == 0 ? loss : loss + Entropy(scaled_BC) * _entropyPenalty;
    }

    // ln(1 + e^x) = logsumexp(x, 0), for x [B, 1].
    private static Tensor Softplus(Tensor x_B1) => logsumexp(cat([x_B1, zeros_like(x_B1)], 1), 1, keepdim: true);

    private static Tensor Entropy(Tensor scores_BC)
    {
        var logProbs_BC = nn.functional.log_softmax(scores_BC, 1);
        return (logProbs_BC.exp() * logProbs_BC).sum([1L]).mean().neg();
    }
}
