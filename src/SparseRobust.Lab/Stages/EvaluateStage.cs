using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Evaluates the chosen checkpoint on the full dev set and the full out-of-distribution sets; leaves the scores and every row's outputs (<see cref="PredictionsFile"/>).</summary>
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
        var predictions = new List<SetPredictions>();
        foreach (var data in new[] { materials.Dev }.Concat(materials.OutOfDistribution))
        {
            var outputs = Evaluator.Predict(model, data, materials.Vocabulary.PadId, context.Device, context.Cancellation);
            scores.AddRange(Evaluator.ScoreInFull(data.Set, outputs).Select(score => score with { CheckpointStep = checkpointStep }));
            predictions.Add(SetPredictions.Of(data.Set, materials.Setup.Task.Labels, outputs));
        }
        context.Journal.Append(new Evaluated(Name, checkpointStep, scores, Subject.Name));
        PredictionsFile.Save(Path.Combine(context.WorkFolder, PredictionsFile.Name), predictions);
        DurableFile.Write(Path.Combine(context.WorkFolder, FileName), JsonSerializer.Serialize(scores, LabJson.Options));
    }
}
