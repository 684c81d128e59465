using System.Text.Json.Serialization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Fine-tunes a subnetwork in isolation: A_L(m * theta_pt), the mask m of another stage on the weights that fine-tunings start from, with the classifier as the seed gives it.
/// Removed weights are exactly zero throughout.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.1. Where the search masked the classifier, too, that mask is not applied, as in the authors' code: the classifier is new, and dense.</remarks>
public sealed record RetrainStage : StageSpec
{
    /// <summary>The stage that found the mask; of its weights nothing is used.</summary>
    public required PruneStage Search { get; init; }

    /// <summary>Objective, length, optimiser.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>Where the objective finds what it reads beside logits and labels.</summary>
    [JsonIgnore]
    public ObjectiveSources Sources { get; init; } = new();

    /// <inheritdoc/>
    public override string Name => "fine-tune in isolation";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [Search, .. Sources.Stages];

    internal override OptimizationSpec? Work => Training;

    internal override FitBiasStage? BiasOfTraining => Sources.Bias;

    internal override void Run(StageContext context)
    {
        var found = MaskFile.Load(Path.Combine(context.OutputOf(Search), MaskFile.Name));
        using var model = SubnetworkTraining.InitialModel(context);
        using var masks = new FoundMasks(new MaskSet([.. found.Matrices.Where(matrix => !matrix.Id.IsHead)]));
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), masks, Training, Sources));
    }
}
