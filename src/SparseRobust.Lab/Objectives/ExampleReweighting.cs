namespace SparseRobust.Lab.Objectives;

/// <summary>Example reweighting: cross-entropy in which a row weighs w = 1 - beta, where beta = exp(b[c]) is the probability a bias model gives to the gold class.
/// Normalised: L = sum w_i CE_i / sum w_i over the batch; otherwise L = mean of w_i CE_i.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.3, eq. 7 (after Clark et al. 2019). The equation is the mean; the authors' code, and Clark et al.'s, normalise inside the batch, which
/// is the default here. Deviates: a batch whose weights are all 0 has loss 0 and no gradient, where theirs is not a number. With equal weights above 0 the
/// normalised loss equals cross-entropy.</remarks>
public sealed record ExampleReweightingSpec : ObjectiveSpec
{
    /// <summary>Whether the weights of a batch are scaled to sum to 1 (the authors' code) instead of being divided by the number of rows (eq. 7). Default true.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Flattens the bias model's probabilities more and more in the course of the training; null, the default and the paper's, leaves them as they are.</summary>
    public BiasAnnealing? Annealing { get; init; }

    /// <inheritdoc/>
    public override Needs Needs => Needs.BiasLogProbs;

    internal override IObjective Build(int hiddenSize) => new ExampleReweighting(this);
}

internal sealed class ExampleReweighting(ExampleReweightingSpec spec) : IObjective
{
    // Far below any weight but 0: fp32 cannot tell a probability nearer to 1 than 6e-8 from 1.
    private const double Nothing = 1e-30;

    public Tensor Loss(in ObjectiveInputs x)
    {
        var labels_B1 = x.Labels_B.unsqueeze(1);
        var logGold_B = nn.functional.log_softmax(x.Logits_BC, 1).gather(1, labels_B1).squeeze(1);
        // 1 - exp(b), exact for small b too; rounding may leave b slightly above 0.
        var weights_B = BiasAnnealing.LogProbs(spec.Annealing, x).gather(1, labels_B1).squeeze(1).expm1().neg().clamp_min(0);
        var weighted_B = weights_B * logGold_B.neg();
        return spec.Normalize ? weighted_B.sum() / weights_B.sum().clamp_min(Nothing) : weighted_B.mean();
    }
}
