using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>What fine-tuning and pruning share: train with or without a pruning method's hooks, then write the chosen model and its masks.</summary>
internal static class SubnetworkTraining
{
    /// <summary>The model with the weights the seed gives.</summary>
    public static BertForSequenceClassification InitialModel(StageContext context)
    {
        var setup = context.Materials.Setup;
        manual_seed(context.Seed);
        var model = new BertForSequenceClassification((BertSpec)setup.Model, context.Materials.Vocabulary.Count, setup.Task.Labels.Count);
        model.to(context.Device);
        return model;
    }

    public static void Run(StageSpec stage, StageContext context, PrunableModel model, PruningMethod? pruning, TrainingSpec? training, FitBiasStage? bias)
    {
        RequireSpace(context, model);
        var outcome = training is null
            ? WithoutTraining(context, model, pruning!)
            : Trainer.Run(Inputs(stage, context, model, pruning, training, bias), context.Cancellation);
        Write(stage, context, model, pruning?.Masks(model), outcome);
    }

    private static TrainingOutcome WithoutTraining(StageContext context, PrunableModel model, PruningMethod pruning)
    {
        context.Journal.Begin(0, 0);
        pruning.Begin(model, new Budget(1, 1));
        pruning.BeforeEvaluation(model);
        return new TrainingOutcome(0, 0, null);
    }

    private static TrainingInputs Inputs(StageSpec stage, StageContext context, PrunableModel model, PruningMethod? pruning, TrainingSpec training, FitBiasStage? bias)
    {
        var materials = context.Materials;
        return new TrainingInputs
        {
            Stage = stage.Name,
            Spec = training,
            Model = model,
            Pruning = pruning,
            Train = materials.Train,
            Dev = materials.Dev,
            OutOfDistribution = materials.OutOfDistributionSamples(training.OutOfDistributionSampleRows, context.Cancellation),
            Bias = bias is null ? null : LoadBias(context, bias),
            PaddingId = materials.Vocabulary.PadId,
            Seed = context.Seed,
            Device = context.Device,
            Journal = context.Journal,
            WorkFolder = context.WorkFolder,
            RunId = context.RunId,
            Cadence = context.Cadence,
        };
    }

    private static BiasPredictions LoadBias(StageContext context, FitBiasStage bias)
    {
        var (predictions, _) = BiasPredictionsFile.Load(Path.Combine(context.OutputOf(bias), FitBiasStage.FileName));
        predictions.Require(context.Materials.Data.Train, context.Materials.Setup.Task.Labels);
        return predictions;
    }

    private static void Write(StageSpec stage, StageContext context, PrunableModel model, MaskSet? masks, TrainingOutcome outcome)
    {
        if (masks is not null)
        {
            masks.ApplyTo(model);
            MaskFile.Save(Path.Combine(context.WorkFolder, MaskFile.Name), masks);
            ReportMasks(stage, context, masks, outcome);
        }
        model.ClearMasks();
        ModelFolder.Save(context.WorkFolder, model.Model, context.Materials.Setup.Task.Labels, context.Materials.Vocabulary);
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

    // Weights, two AdamW moments and two copies of the chosen checkpoint, 4 bytes each, with a margin for the final files.
    private static void RequireSpace(StageContext context, PrunableModel model)
    {
        var parameters = model.Model.parameters().Sum(parameter => parameter.numel());
        DurableFile.RequireFreeSpace(context.WorkFolder, parameters * 4 * 8, "the checkpoints and the model of this stage");
    }
}
