using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>What is asked of a model.</summary>
/// <param name="Model">A model's id, a run's id or an alias; null for the alias default.</param>
/// <param name="Inputs">The texts.</param>
/// <param name="Cut">From which end to cut what is too long; null to refuse it.</param>
internal sealed record PredictQuestion(string? Model, PredictInputs Inputs, TruncationDirection? Cut = null);

/// <summary>From texts to classes: what /predict and the page of the same name both ask.</summary>
internal sealed class Prediction(ServedModels models, PredictorPool pool, TimeProvider time)
{
    /// <exception cref="Problem">ModelNotChosen, NotFound.</exception>
    /// <exception cref="LabException">InputTooLong with the path of the text; Overloaded; ArtifactMissing, ArtifactCorrupt or TokenizerInvalid of the model's files.</exception>
    public async Task<PredictResponse> AnswerAsync(PredictQuestion question, CancellationToken cancellation)
    {
        var inputs = question.Inputs;
        var started = time.GetTimestamp();
        var model = await models.FindAsync(question.Model, cancellation);
        using var lease = await pool.RentAsync(model.Folder, cancellation);
        var tokenizing = time.GetTimestamp();
        TokenizedText[] tokenized = [.. inputs.Items.Select((item, i) => Tokenize(lease.Value, item, question.Cut, inputs.IsBatch ? $"$.inputs[{i}]" : "$.inputs"))];
        var tokenization = time.GetElapsedTime(tokenizing) / tokenized.Length;
        var rows = await pool.PredictAsync(lease.Value, tokenized, cancellation);
        return new PredictResponse(model, lease.Value.Info, rows, new PredictTimes(time.GetElapsedTime(started), tokenization, inputs.Items.Sum(item => item.Characters)));
    }

    private static TokenizedText Tokenize(Predictor predictor, PredictInput input, TruncationDirection? cut, string path)
    {
        try
        {
            return predictor.Tokenize(input.Text, input.Pair, cut);
        }
        catch (LabException e) when (e.Code == ProblemCode.InputTooLong)
        {
            throw new LabException(e.Code, $"{path}: {e.Message}", e);
        }
    }
}
