using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>The model that a stage trains or prunes, and with what.</summary>
/// <param name="Model">Dense at first.</param>
/// <param name="Pruning">The method; null when nothing is pruned.</param>
/// <param name="Training">The training; null when the method prunes without one.</param>
/// <param name="Sources">Where the training's objective finds what it reads.</param>
internal sealed record Subnetwork(PrunableModel Model, PruningMethod? Pruning, TrainingSpec? Training, ObjectiveSources Sources)
{
    /// <summary>The part of the training that is done; null for the whole.</summary>
    public Budget? Part { get; init; }
}

/// <summary>What fine-tuning and pruning share: train with or without a pruning method's hooks, then write the chosen model and its masks.</summary>
internal static class SubnetworkTraining
{
    /// <summary>The model with the weights the seed gives, or with a pre-trained body and the head the seed gives.</summary>
    public static TextClassifier InitialModel(StageContext context)
    {
        var materials = context.Labelled;
        manual_seed(context.Seed);
        return materials.Start.Build(context, materials.Task.Labels.Count);
    }

    public static void Run(StageSpec stage, StageContext context, Subnetwork subnetwork)
    {
        RequireSpace(context, subnetwork);
        var outcome = subnetwork.Training is { } training
            ? Train(stage, context, subnetwork, training)
            : WithoutTraining(context, subnetwork.Model, subnetwork.Pruning!);
        Write(stage, context, subnetwork, outcome);
    }

    private static TrainingOutcome WithoutTraining(StageContext context, PrunableModel model, PruningMethod pruning)
    {
        context.Journal.Begin(0, 0);
        var step = new Step(1, new Budget(1, 1));
        pruning.Begin(model, step.Budget);
        pruning.BeforeEvaluation(model, step);
        return new TrainingOutcome(0, 0, null);
    }

    private static TrainingOutcome Train(StageSpec stage, StageContext context, Subnetwork subnetwork, TrainingSpec training)
    {
        using var workload = Workload(context, subnetwork, training);
        var hooks = subnetwork.Pruning is { } method ? new PruningHooks(method, subnetwork.Model) : null;
        return Trainer.Run(context.Training(stage, training, workload, hooks), context.Cancellation);
    }

    private static ClassificationWorkload Workload(StageContext context, Subnetwork subnetwork, TrainingSpec training)
    {
        var materials = context.Labelled;
        return new ClassificationWorkload(new ClassificationInputs
        {
            Spec = training,
            Part = subnetwork.Part,
            Model = subnetwork.Model.Model,
            Train = materials.Train,
            Dev = materials.Dev,
            SelectionMetric = materials.Task.SelectionMetric,
            OutOfDistribution = materials.OutOfDistributionSamples(training.OutOfDistributionSampleRows, context.Cancellation),
            Bias = LogProbs(context, subnetwork.Sources.Bias, FitBiasStage.FileName),
            Teacher = LogProbs(context, subnetwork.Sources.Teacher, PredictTeacherStage.FileName),
            PaddingId = materials.Tokenizer.PadId,
            Seed = context.Seed,
            Device = context.Device,
        });
    }

    private static BiasPredictions? LogProbs(StageContext context, StageSpec? source, string fileName)
    {
        if (source is null)
            return null;
        var (predictions, _) = BiasPredictionsFile.Load(Path.Combine(context.OutputOf(source), fileName));
        predictions.Require(context.Labelled.Data.Train, context.Labelled.Task.Labels);
        return predictions;
    }

    private static void Write(StageSpec stage, StageContext context, Subnetwork subnetwork, TrainingOutcome outcome)
    {
        var model = subnetwork.Model;
        if (subnetwork.Pruning?.Masks(model) is { } masks)
        {
            masks.ApplyTo(model);
            MaskFile.Save(Path.Combine(context.WorkFolder, MaskFile.Name), masks);
            ReportMasks(stage, context, masks, outcome);
        }
        model.ClearMasks();
        ModelFolder.Save(context.WorkFolder, model.Model, context.Labelled.Task.Labels, context.Labelled.Tokenizer);
        outcome.Save(context.WorkFolder);
    }

    private static void ReportMasks(StageSpec stage, StageContext context, MaskSet masks, TrainingOutcome outcome)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // A training has told its sparsity at this step with its last evaluation.
        if (outcome.TotalSteps == 0)
            values["prune/sparsity"] = masks.EncoderSparsity;
        foreach (var matrix in masks.Matrices)
            values[$"prune/density/{matrix.Id.Name}"] = 1 - matrix.Sparsity;
        context.Journal.Append(new StepMeasured(stage.Name, outcome.TotalSteps, outcome.TotalSteps, values));
    }

    // Weights, two AdamW moments and two copies of the chosen checkpoint, 4 bytes each, with a margin for the final files; and the weights that are kept.
    private static void RequireSpace(StageContext context, Subnetwork subnetwork)
    {
        var parameters = subnetwork.Model.Model.parameters().Sum(parameter => parameter.numel());
        var kept = subnetwork.Training?.KeptTimes(context.Labelled.Train.Count) ?? 0;
        DurableFile.RequireFreeSpace(context.WorkFolder, parameters * 4 * (8 + kept), "the checkpoints and the model of this stage");
    }
}
