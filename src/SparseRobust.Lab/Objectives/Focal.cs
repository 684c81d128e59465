using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Objectives;

/// <summary>Focal loss: L = -(1 - p[c])^gamma log p[c] with p = softmax(z), batch mean. Rows that the model has learnt weigh little; it knows of no bias model.</summary>
/// <remarks>Source: Lin et al. (2017), Focal Loss for Dense Object Detection, eq. 4, without class weights. Deviates from the loss of that name in Win-win Deal's code, which the paper
/// does not use: there gamma is 1, the weight has no gradient, and weights are normalised inside the batch. With gamma 0 it equals cross-entropy.</remarks>
public sealed record FocalSpec : ObjectiveSpec
{
    /// <summary>gamma: how fast a row's weight falls with its probability, at least 0. Default 2, Lin et al.'s.</summary>
    [Range(0.0, 20.0)]
    public double Gamma { get; init; } = 2;

    /// <inheritdoc/>
    public override Needs Needs => Needs.None;

    internal override IObjective Build(int hiddenSize) => new Focal(Gamma);
}

internal sealed class Focal(double gamma) : IObjective
{
    // Below it the slope of x^gamma with gamma < 1 has no number in fp32.
    private const double SmallestBase = 1e-12;

    public Tensor Loss(in ObjectiveInputs x)
    {
        var logGold_B1 = nn.functional.log_softmax(x.Logits_BC, 1).gather(1, x.Labels_B.unsqueeze(1));
        var weights_B1 = logGold_B1.expm1().neg().clamp_min(SmallestBase).pow(gamma);
        return (weights_B1 * logGold_B1).mean().neg();
    }
}
