using System.Text.Json.Serialization;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Trains the dense model on the task: A_L(theta_pt), from the weights the seed gives, or from a pre-trained body and the head the seed gives.</summary>
public sealed record FineTuneStage : StageSpec
{
    /// <summary>Objective, length, optimiser.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>Where the objective finds what it reads beside logits and labels.</summary>
    [JsonIgnore]
    public ObjectiveSources Sources { get; init; } = new();

    /// <summary>Whether the run has another fine-tuning without a teacher beside this one, which then only teaches; default false. Such a stage has a hash of its own, so that
    /// its name is the same in every run that shares it.</summary>
    public bool OnlyTeaches { get; init; }

    /// <inheritdoc/>
    /// <remarks>The student's name is another, because a run holds its teacher's fine-tuning too, and both names must be the same in every run that shares the stage.</remarks>
    public override string Name => OnlyTeaches ? "fine-tune teacher" : Sources.Teacher is null ? "fine-tune" : "fine-tune student";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => Sources.Stages;

    internal override OptimizationSpec? Work => Training;

    internal override FitBiasStage? BiasOfTraining => Sources.Bias;

    internal override void Run(StageContext context)
    {
        using var model = SubnetworkTraining.InitialModel(context);
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), Pruning: null, Training, Sources));
    }
}
