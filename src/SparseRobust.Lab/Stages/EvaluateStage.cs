using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Evaluates the chosen checkpoint on the full dev set and the full out-of-distribution sets.</summary>
public sealed record EvaluateStage : StageSpec
{
    internal const string FileName = "scores.json";

    /// <summary>The stage whose model is evaluated.</summary>
    public required StageSpec Subject { get; init; }

    /// <inheritdoc/>
    public override string Name => $"evaluate {Subject.Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [Subject];

    internal override void Run(StageContext context)
    {
        context.Journal.Begin(0, 0);
        var subject = context.OutputOf(Subject);
        var checkpointStep = TrainingOutcome.Load(subject)?.BestStep ?? 0;
        using var model = ModelFolder.Load(subject, context.Device);
        var materials = context.Materials;
        var scores = new List<Score>();
        foreach (var set in new[] { materials.Dev }.Concat(materials.OutOfDistribution))
            scores.AddRange(Score(model, set, context).Select(score => score with { CheckpointStep = checkpointStep }));
        context.Journal.Append(new Evaluated(Name, checkpointStep, scores, Subject.Name));
        DurableFile.Write(Path.Combine(context.WorkFolder, FileName), JsonSerializer.Serialize(scores, LabJson.Options));
    }

    private static IReadOnlyList<Score> Score(Models.BertForSequenceClassification model, EncodedDataset data, StageContext context) =>
        Evaluator.ScoreInFull(data.Set, Evaluator.Predict(model, data, context.Materials.Vocabulary.PadId, context.Device, context.Cancellation));
}
