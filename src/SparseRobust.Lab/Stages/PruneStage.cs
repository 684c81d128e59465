using System.Text.Json.Serialization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Finds a sparse subnetwork: P^p_L(theta), of a fine-tuned model or of the untrained one, with the method's hooks in the one training loop.</summary>
public sealed record PruneStage : StageSpec
{
    /// <summary>The model to prune; null prunes the model that fine-tunings start from (paradigm c).</summary>
    public FineTuneStage? Start { get; init; }

    /// <summary>Updates of that fine-tuning after which its weights are taken, among those that it keeps; null takes its chosen checkpoint.</summary>
    public int? StartSteps { get; init; }

    /// <summary>The pruning method.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the method hooks into; null prunes without a training step.</summary>
    public TrainingSpec? Training { get; init; }

    /// <summary>Where the training's objective finds what it reads beside logits and labels.</summary>
    [JsonIgnore]
    public ObjectiveSources Sources { get; init; } = new();

    /// <inheritdoc/>
    public override string Name => "prune";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => Start is null ? Sources.Stages : [Start, .. Sources.Stages];

    internal override OptimizationSpec? Work => Training;

    internal override FitBiasStage? BiasOfTraining => Sources.Bias;

    internal override void Run(StageContext context)
    {
        using var model = Start is null
            ? SubnetworkTraining.InitialModel(context)
            : ModelFolder.Load(context.OutputOf(Start), context.Device);
        if (StartSteps is { } steps)
            KeptWeights.Load(context.OutputOf(Start!), steps, model);
        using var method = Pruning.Build(context.Seed);
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), method, Training, Sources));
    }
}
