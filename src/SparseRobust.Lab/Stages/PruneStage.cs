using System.Text.Json.Serialization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Finds a sparse subnetwork: P^p_L(theta), of a fine-tuned model or of the untrained one, with the method's hooks in the one training loop.</summary>
/// <remarks>A method of several levels is a chain of such stages (<see cref="InLevels"/>), so runs with other targets share the levels that they have in common.</remarks>
public sealed record PruneStage : StageSpec
{
    /// <summary>The model to prune; null prunes the model that fine-tunings start from (paradigm c). The same for all levels of a method.</summary>
    public FineTuneStage? Start { get; init; }

    /// <summary>Updates of that fine-tuning after which its weights are taken, among those that it keeps; null takes its chosen checkpoint.</summary>
    public int? StartSteps { get; init; }

    /// <summary>The level before this one, whose subnetwork is pruned further; null for the first.</summary>
    public PruneStage? Previous { get; init; }

    /// <summary>The pruning method.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the method hooks into; null prunes without a training step.</summary>
    public TrainingSpec? Training { get; init; }

    /// <summary>Where the training's objective finds what it reads beside logits and labels.</summary>
    [JsonIgnore]
    public ObjectiveSources Sources { get; init; } = new();

    /// <inheritdoc/>
    public override string Name => Pruning.StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => ((StageSpec?)Previous ?? Start) is { } before ? [before, .. Sources.Stages] : Sources.Stages;

    internal override OptimizationSpec? Work => Training;

    internal override FitBiasStage? BiasOfTraining => Sources.Bias;

    /// <summary>The last of the stages that the method's levels are, each with the one before it as its input.</summary>
    internal PruneStage InLevels()
    {
        PruneStage? last = null;
        foreach (var level in Pruning.Levels)
        {
            var stage = this with { Previous = last, Pruning = level.Pruning };
            last = level.Trains ? stage : stage with { Training = null, Sources = new() };
        }
        return last!;
    }

    internal override int StepsFor(int trainingRows) => Training is null ? 0 : Pruning.PartOf(Training.BudgetFor(trainingRows)).TotalSteps;

    internal override void Run(StageContext context)
    {
        using var model = Previous is null || Pruning.Rewinds ? FirstModel(context) : ModelFolder.Load(context.OutputOf(Previous), context.Device);
        using var method = Pruning.Build(context.Seed);
        if (Previous is not null)
            GoOn(method, context.OutputOf(Previous), context);
        SubnetworkTraining.Run(this, context, new Subnetwork(new PrunableModel(model), method, Training, Sources)
        {
            Part = Training is null ? null : Pruning.PartOf(Training.BudgetFor(context.Labelled.Train.Count)),
        });
    }

    private TextClassifier FirstModel(StageContext context)
    {
        if (Start is null)
            return SubnetworkTraining.InitialModel(context);
        var model = ModelFolder.Load(context.OutputOf(Start), context.Device);
        if (StartSteps is { } steps)
            KeptWeights.Load(context.OutputOf(Start), steps, model);
        return model;
    }

    private static void GoOn(PruningMethod method, string folder, StageContext context)
    {
        using var before = ModelFolder.Load(folder, context.Device);
        method.GoOnFrom(new PrunableModel(before), MaskFile.Load(Path.Combine(folder, MaskFile.Name)));
    }
}
