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
    public static Predictions Predict(BertForSequenceClassification model, EncodedDataset data, int paddingId, Device device, CancellationToken cancellation)
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

    /// <summary>Accuracy over all rows and per slice, with the model's classes mapped onto the dataset's; cross-entropy when the classes are the same.</summary>
    public static IReadOnlyList<Score> Score(EvaluationSet set, Predictions predictions, bool sampled)
    {
        var dataset = set.Dataset;
        var correct = Enumerable.Range(0, dataset.Examples.Count)
            .Select(i => set.ModelToDataset[predictions.Argmax(i)] == dataset.Examples[i].Label).ToArray();
        var scores = new List<Score> { Of("all", "accuracy", correct.Length == 0 ? 0 : correct.Count(c => c) / (double)correct.Length, correct.Length) };
        if (set.ModelToDataset.SequenceEqual(Enumerable.Range(0, dataset.Labels.Count)))
            scores.Add(Of("all", "loss", dataset.Examples.Select((example, i) => predictions.CrossEntropy(i, example.Label)).Average(), correct.Length));
        scores.AddRange(HansBreakdown.Slices(dataset, correct).Select(slice => Of(slice.Name, "accuracy", slice.Accuracy, slice.N)));
        return scores;

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

    private static void Forward(BertForSequenceClassification model, Batch batch, ReadOnlySpan<int> rows, float[] logits)
    {
        var values = model.forward(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL).cpu().data<float>().ToArray();
        for (var b = 0; b < rows.Length; b++)
            values.AsSpan(b * model.Classes, model.Classes).CopyTo(logits.AsSpan(rows[b] * model.Classes));
    }
}
