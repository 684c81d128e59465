using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Predict;

/// <summary>What one model answered, its classes by name, or why it did not.</summary>
public sealed record PageAnswer(string ModelId, IReadOnlyList<ScoredLabel> Labels, TimeSpan Elapsed, string? Problem = null, string? Code = null);

/// <summary>Asks for the page without a script what its script asks /predict.</summary>
internal sealed class PagePrediction(Prediction prediction, TimeProvider time)
{
    /// <param name="modelId">The model; empty for the default.</param>
    /// <param name="texts">One text or a pair.</param>
    /// <param name="cancellation">Stops asking.</param>
    public async Task<PageAnswer> PredictAsync(string modelId, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        try
        {
            var inputs = PredictInputs.Read(JsonSerializer.SerializeToElement(new[] { texts }));
            var response = await prediction.AnswerAsync(new PredictQuestion(modelId.Length > 0 ? modelId : null, inputs), cancellation);
            // By name: an order by score would differ from model to model.
            return new PageAnswer(modelId, [.. response.Labels(raw: false)[0].OrderBy(label => label.Label, StringComparer.Ordinal)], time.GetElapsedTime(began));
        }
        catch (Exception e) when (e is Problem or LabException || DatabaseFault.Is(e))
        {
            var (code, message, _) = ProblemMap.Explain(e);
            return new PageAnswer(modelId, [], time.GetElapsedTime(began), message, code);
        }
    }
}
