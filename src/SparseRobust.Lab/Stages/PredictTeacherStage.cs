using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Stages;

/// <summary>Writes a teacher's log-probabilities for the training rows, in the dataset's order, dropout off: what confidence regularisation learns from.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.3. The teacher is an ordinary fine-tuned model, shared with every run that fine-tunes one like it from the same seed. The file is of the
/// same kind as a bias model's: natural logarithms, fp32, one row for each training row, with the data's SHA-256 beside it.</remarks>
public sealed record PredictTeacherStage : StageSpec
{
    internal const string FileName = "teacher_log_probs.npy";

    /// <summary>The stage whose model is the teacher.</summary>
    public required FineTuneStage Teacher { get; init; }

    /// <inheritdoc/>
    public override string Name => "predict-teacher";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [Teacher];

    internal override void Run(StageContext context)
    {
        context.Journal.Begin(0, 0);
        var train = context.Labelled.Train;
        using var model = ModelFolder.Load(context.OutputOf(Teacher), context.Device);
        var predictions = Evaluator.Predict(model, train, context.Labelled.Tokenizer.PadId, context.Device, context.Cancellation);
        BiasPredictionsFile.Save(LogProbs(predictions, train.Dataset), fit: null, Path.Combine(context.WorkFolder, FileName));
        context.Journal.Append(new Evaluated(Name, 0, Evaluator.Score(train.Set, predictions, sampled: false)));
    }

    private static BiasPredictions LogProbs(Predictions predictions, Dataset dataset)
    {
        var logProbs = new float[predictions.Logits.Length];
        for (var i = 0; i < logProbs.Length; i++)
            logProbs[i] = (float)-predictions.CrossEntropy(i / predictions.Classes, i % predictions.Classes);
        return new BiasPredictions(dataset.Sha256, dataset.Labels, logProbs);
    }
}
