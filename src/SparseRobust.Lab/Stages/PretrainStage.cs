using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Pre-trains BERT on a text, from the weights the seed gives or those of a model that was pre-trained before. Leaves a model folder that fine-tunings can start from, and the scores on the whole dev part.</summary>
public sealed record PretrainStage : StageSpec
{
    /// <summary>Its name.</summary>
    public const string StageName = "pretrain";

    /// <summary>Length, masking, optimiser.</summary>
    public required PretrainingSpec Training { get; init; }

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [];

    internal override OptimizationSpec? Work => Training;

    internal override void Run(StageContext context)
    {
        var materials = (CorpusMaterials)context.Materials;
        manual_seed(context.Seed);
        using var model = materials.Start.BuildForPreTraining(context);
        using var workload = new PretrainingWorkload(new PretrainingInputs
        {
            Spec = Training,
            Model = model,
            Corpus = materials.Tokens,
            CorpusName = materials.Name,
            MaxLength = Setup.MaxLength,
            DevEvery = materials.Task.DevEvery,
            Seed = context.Seed,
            Device = context.Device,
        });
        var outcome = Trainer.Run(context.Training(this, Training, workload, pruning: null), context.Cancellation);
        var scores = workload.ScoreWholeDev(context.Cancellation).Select(score => score with { CheckpointStep = outcome.BestStep }).ToList();
        context.Journal.Append(new Evaluated($"evaluate {Name}", outcome.BestStep, scores, Name));
        ModelFolder.Save(context.WorkFolder, model, materials.Tokenizer);
        outcome.Save(context.WorkFolder);
        DurableFile.Write(Path.Combine(context.WorkFolder, EvaluateStage.FileName), JsonSerializer.Serialize(scores, LabJson.Options));
    }
}
