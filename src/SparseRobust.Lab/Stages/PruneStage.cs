using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Finds a sparse subnetwork: P^p_L(theta), of a fine-tuned model or of the untrained one, with the method's hooks in the one training loop.</summary>
public sealed record PruneStage : StageSpec
{
    /// <summary>The model to prune; null prunes the weights the seed gives (paradigm c).</summary>
    public FineTuneStage? Start { get; init; }

    /// <summary>The pruning method.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the method hooks into; null prunes without a training step.</summary>
    public TrainingSpec? Training { get; init; }

    /// <summary>Where the bias log-probabilities come from; null when the objective reads none.</summary>
    public FitBiasStage? Bias { get; init; }

    /// <inheritdoc/>
    public override string Name => "prune";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [.. new StageSpec?[] { Start, Bias }.OfType<StageSpec>()];

    internal override TrainingSpec? Work => Training;

    internal override void Run(StageContext context)
    {
        using var model = Start is null
            ? SubnetworkTraining.InitialModel(context)
            : ModelFolder.Load(context.OutputOf(Start), context.Device);
        using var method = Pruning.Build(context.Seed);
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), method, Training, Bias));
    }
}
