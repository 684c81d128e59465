namespace SparseRobust.Lab.Objectives;

/// <summary>Mean squared error: L = (z - y)^2, batch mean, of the model's one output z against a row's target y. For graded tasks only.</summary>
/// <remarks>Source: Devlin et al. (2019), BERT, whose reference code and its successors train STS-B so; When BERT Plays the Lottery, which runs it.</remarks>
public sealed record MeanSquaredErrorSpec : ObjectiveSpec
{
    /// <inheritdoc/>
    public override Needs Needs => Needs.Targets;

    internal override IObjective Build(int hiddenSize) => new MeanSquaredError();
}

internal sealed class MeanSquaredError : IObjective
{
    public Tensor Loss(in ObjectiveInputs x) => nn.functional.mse_loss(x.Logits_BC.squeeze(1), x.Targets_B!);
}
