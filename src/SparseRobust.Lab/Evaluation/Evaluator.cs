using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Runs a model over datasets and turns its outputs into scores.</summary>
internal static class Evaluator
{
    // Bounds the activations of one forward pass whatever the rows' lengths.
    private const int TokensPerBatch = 8192;

    /// <summary>Logits of every row, dropout off. Rows are batched by length and put back in order.</summary>
    public static Predictions Predict(TextClassifier model, EncodedDataset data, int paddingId, Device device, CancellationToken cancellation)
    {
        var order = Enumerable.Range(0, data.Count).OrderBy(i => data.Rows[i].Length).ThenBy(i => i).ToArray();
        var logits = new float[data.Count * model.Classes];
        var wasTraining = model.training;
        model.eval();
        using (inference_mode())
        {
            for (var start = 0; start < order.Length;)
            {
                cancellation.ThrowIfCancellationRequested();
                var rows = NextBatch(data, order, start);
                using var scope = NewDisposeScope();
                Forward(model, Batch.Of(data, rows, new RowPadding(paddingId), device), rows, logits);
                start += rows.Length;
            }
        }
        model.train(wasTraining);
        return new Predictions(logits, model.Classes);
    }

    /// <summary>The metrics over all rows (<see cref="WholeSetScores"/>), then accuracy by gold label and heuristic (<see cref="HansBreakdown"/>; not of grades): what is watched during training.</summary>
    public static IReadOnlyList<Score> Score(EvaluationSet set, Predictions predictions, bool sampled) =>
        [.. Scores(set, predictions, sampled, HansBreakdown.Slices)];

    /// <summary>What <see cref="Score"/> gives, then accuracy by every other slice and quartile (<see cref="SliceBreakdown"/>), and by quartile of the bias degree where
    /// a bias model's predictions for the set are given (<see cref="BiasDegreeBreakdown"/>): a finished model's scores over a full set.</summary>
    public static IReadOnlyList<Score> ScoreInFull(EvaluationSet set, Predictions predictions, BiasPredictions? bias = null) =>
        [.. Scores(set, predictions, sampled: false, (dataset, correct) =>
            [.. HansBreakdown.Slices(dataset, correct), .. SliceBreakdown.Slices(dataset, correct), .. bias is null ? [] : BiasDegreeBreakdown.Slices(set, correct, bias)])];

    private static IEnumerable<Score> Scores(EvaluationSet set, Predictions predictions, bool sampled, Func<Dataset, bool[], IEnumerable<(string Name, double Accuracy, int N)>> slicesOf)
    {
        var dataset = set.Dataset;
        foreach (var (metric, value) in WholeSetScores.Of(set, predictions))
            yield return Of("all", metric, value, dataset.Examples.Count);
        if (dataset.Labels.IsRegression)
            yield break;
        bool[] correct = [.. WholeSetScores.PredictedClasses(set, predictions).Zip(dataset.Examples, (predicted, example) => predicted == example.Label)];
        foreach (var (name, accuracy, n) in slicesOf(dataset, correct))
            yield return Of(name, "accuracy", accuracy, n);

        Score Of(string slice, string metric, double value, int n) =>
            new(dataset.Name, dataset.Split, slice, metric, value, n, dataset.Sha256, sampled);
    }

    private static ReadOnlySpan<int> NextBatch(EncodedDataset data, int[] order, int start)
    {
        var end = start + 1;
        // Sorted by length: the last row is the longest, so the batch pads to it.
        while (end < order.Length && data.Rows[order[end]].Length * (end + 1 - start) <= TokensPerBatch)
            end++;
        return order.AsSpan(start, end - start);
    }

    private static void Forward(TextClassifier model, Batch batch, ReadOnlySpan<int> rows, float[] logits)
    {
        var values = model.forward(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL).cpu().data<float>().ToArray();
        for (var b = 0; b < rows.Length; b++)
            values.AsSpan(b * model.Classes, model.Classes).CopyTo(logits.AsSpan(rows[b] * model.Classes));
    }
}
