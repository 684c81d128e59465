using System.Globalization;
using SparseRobust.Lab.Serving;

namespace SparseRobust.Web.Predict;

/// <summary>A class and how likely it is, or its logit when raw scores were asked for.</summary>
public sealed record ScoredLabel(float Score, string Label);

/// <summary>The answer to a request before it is written.</summary>
/// <param name="Model">Who answered.</param>
/// <param name="Info">What the loaded model is.</param>
/// <param name="Rows">One for each input, in order.</param>
/// <param name="Times">What it cost.</param>
internal sealed record PredictResponse(ServedModel Model, PredictorInfo Info, IReadOnlyList<PredictedRow> Rows, PredictTimes Times)
{
    /// <summary>For each input all classes, the likeliest first.</summary>
    public ScoredLabel[][] Labels(bool raw) =>
        [.. Rows.Select(row => Info.Labels.Select((label, i) => new ScoredLabel(raw ? row.Logits[i] : (float)row.Probabilities[i], label)).OrderByDescending(scored => scored.Score).ToArray())];

    /// <summary>The headers of text-embeddings-inference, and who answered. Times are milliseconds with a fraction: a pruned model's are often below one.</summary>
    /// <remarks>Of a batch, tokenization, queue and inference time are the mean over its texts; x-compute-time is the sum of tokenization and inference; x-batch-size is the largest computation that held one of the texts, other callers' included; x-truncated-inputs counts the texts that lost tokens.</remarks>
    public void WriteHeaders(IHeaderDictionary headers, string device)
    {
        var queue = Mean(row => row.QueueTime);
        var inference = Mean(row => row.InferenceTime);
        headers["x-compute-type"] = device == "cpu" ? "cpu" : "gpu";
        headers["x-compute-time"] = Milliseconds(Times.Tokenization + inference);
        headers["x-total-time"] = Milliseconds(Times.Total);
        headers["x-tokenization-time"] = Milliseconds(Times.Tokenization);
        headers["x-queue-time"] = Milliseconds(queue);
        headers["x-inference-time"] = Milliseconds(inference);
        headers["x-compute-characters"] = Times.Characters.ToString(CultureInfo.InvariantCulture);
        headers["x-compute-tokens"] = Rows.Sum(row => row.Tokens).ToString(CultureInfo.InvariantCulture);
        headers["x-truncated-inputs"] = Rows.Count(row => row.WasTruncated).ToString(CultureInfo.InvariantCulture);
        headers["x-batch-size"] = Rows.Max(row => row.BatchSize).ToString(CultureInfo.InvariantCulture);
        headers["x-model-id"] = Model.Id;
        headers["x-model-recipe-hash"] = Model.RecipeHash;
        headers["x-model-seed"] = Model.Seed.ToString(CultureInfo.InvariantCulture);
        headers["x-model-sparsity"] = Info.EncoderSparsity.ToString("0.####", CultureInfo.InvariantCulture);
    }

    private TimeSpan Mean(Func<PredictedRow, TimeSpan> time) => Rows.Aggregate(TimeSpan.Zero, (sum, row) => sum + time(row)) / Rows.Count;

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>What the request itself cost.</summary>
/// <param name="Total">From the question to the finished answer.</param>
/// <param name="Tokenization">Mean over the texts.</param>
/// <param name="Characters">UTF-16 code units of all texts.</param>
internal sealed record PredictTimes(TimeSpan Total, TimeSpan Tokenization, int Characters);
