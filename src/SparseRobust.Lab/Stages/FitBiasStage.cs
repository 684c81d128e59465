using SparseRobust.Lab.Bias;

namespace SparseRobust.Lab.Stages;

/// <summary>Fits the bias model and writes its log-probabilities for the training rows.</summary>
public sealed record FitBiasStage : StageSpec
{
    internal const string FileName = "bias_log_probs.npy";

    /// <summary>The bias model.</summary>
    public required BiasSpec Bias { get; init; }

    /// <inheritdoc/>
    public override string Name => "fit-bias";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [];

    /// <inheritdoc/>
    public override bool UsesSeed => false;

    internal override void Run(StageContext context) => throw new NotSupportedException();
}
