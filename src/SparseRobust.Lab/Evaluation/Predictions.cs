namespace SparseRobust.Lab.Evaluation;

/// <summary>A model's outputs on a dataset, in the dataset's order.</summary>
/// <param name="Logits">Row-major [n, classes].</param>
/// <param name="Classes">Classes of the model.</param>
public sealed record Predictions(float[] Logits, int Classes)
{
    /// <summary>Number of rows.</summary>
    public int Count => Logits.Length / Classes;

    /// <summary>The logits of a row.</summary>
    public ReadOnlySpan<float> Row(int index) => Logits.AsSpan(index * Classes, Classes);

    /// <summary>The class with the largest logit; the first among equals.</summary>
    public int Argmax(int index)
    {
        var row = Row(index);
        var best = 0;
        for (var c = 1; c < row.Length; c++)
            if (row[c] > row[best])
                best = c;
        return best;
    }

    /// <summary>Cross-entropy -log softmax(z)[label] of a row, in nats.</summary>
    public double CrossEntropy(int index, int label)
    {
        var row = Row(index);
        double max = row[0];
        foreach (var logit in row)
            max = Math.Max(max, logit);
        double sum = 0;
        foreach (var logit in row)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum) - row[label];
    }

    /// <summary>Writes softmax(z) of a row: exp(z_c) / sum exp(z), one value per class.</summary>
    public void Probabilities(int index, Span<double> probabilities)
    {
        var row = Row(index);
        double max = row[0];
        foreach (var logit in row)
            max = Math.Max(max, logit);
        double sum = 0;
        for (var c = 0; c < row.Length; c++)
            sum += probabilities[c] = Math.Exp(row[c] - max);
        for (var c = 0; c < row.Length; c++)
            probabilities[c] /= sum;
    }
}
