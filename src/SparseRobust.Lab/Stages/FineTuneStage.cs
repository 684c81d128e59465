using SparseRobust.Lab.Models;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Trains the dense model on the task: A_L(theta_pt), from the weights the seed gives.</summary>
public sealed record FineTuneStage : StageSpec
{
    /// <summary>Objective, length, optimiser.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>Where the bias log-probabilities come from; null when the objective reads none.</summary>
    public FitBiasStage? Bias { get; init; }

    /// <inheritdoc/>
    public override string Name => "fine-tune";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => Bias is null ? [] : [Bias];

    internal override TrainingSpec? Work => Training;

    internal override void Run(StageContext context)
    {
        using var model = SubnetworkTraining.InitialModel(context);
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), Pruning: null, Training, Bias));
    }
}
