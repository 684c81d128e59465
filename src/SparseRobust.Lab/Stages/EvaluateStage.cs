using System.Text.Json;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>Evaluates the chosen checkpoint on the full dev set and the full out-of-distribution sets; leaves the scores and every row's outputs (<see cref="PredictionsFile"/>).</summary>
/// <remarks>Where the subject's own training read a bias model, that stage is an input, too: accuracy is then told by quartile of the bias degree, as well. Other subjects
/// read none, so that an evaluation is shared by all runs that have it, whatever else they train.</remarks>
public sealed record EvaluateStage : StageSpec
{
    internal const string FileName = "scores.json";

    /// <summary>The stage whose model is evaluated.</summary>
    public required StageSpec Subject { get; init; }

    /// <inheritdoc/>
    public override string Name => $"evaluate {Subject.Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => Subject.BiasOfTraining is { } bias ? [Subject, bias] : [Subject];

    internal override void Run(StageContext context)
    {
        context.Journal.Begin(0, 0);
        var subject = context.OutputOf(Subject);
        var checkpointStep = TrainingOutcome.Load(subject)?.BestStep ?? 0;
        using var model = ModelFolder.Load(subject, context.Device);
        var materials = context.Labelled;
        var scores = new List<Score>();
        var predictions = new List<SetPredictions>();
        foreach (var data in new[] { materials.Dev }.Concat(materials.OutOfDistribution))
        {
            var outputs = Evaluator.Predict(model, data, materials.Tokenizer.PadId, context.Device, context.Cancellation);
            scores.AddRange(Evaluator.ScoreInFull(data.Set, outputs, BiasOf(data.Dataset, context)).Select(score => score with { CheckpointStep = checkpointStep }));
            predictions.Add(SetPredictions.Of(data.Set, materials.Task.Labels, outputs));
        }
        context.Journal.Append(new Evaluated(Name, checkpointStep, scores, Subject.Name));
        PredictionsFile.Save(Path.Combine(context.WorkFolder, PredictionsFile.Name), predictions);
        DurableFile.Write(Path.Combine(context.WorkFolder, FileName), JsonSerializer.Serialize(scores, LabJson.Options));
    }

    // Null as well where the bias stage has no file for the set, which is told.
    private BiasPredictions? BiasOf(Dataset dataset, StageContext context)
    {
        if (Subject.BiasOfTraining is not { } bias)
            return null;
        var path = Path.Combine(context.OutputOf(bias), FitBiasStage.FileNameOf(dataset));
        if (!File.Exists(path))
        {
            context.Journal.Append(new Noted(Name, $"No accuracy by bias degree on {dataset.Name} {dataset.Split}: the bias model knows the training rows only, or an earlier version fitted it."));
            return null;
        }
        var (predictions, _) = BiasPredictionsFile.Load(path);
        predictions.Require(dataset, context.Labelled.Task.Labels);
        return predictions;
    }
}
