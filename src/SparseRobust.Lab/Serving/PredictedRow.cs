namespace SparseRobust.Lab.Serving;

/// <summary>A model's answer to one input, with how it came about.</summary>
/// <param name="Probabilities">Probability of each class in the order of <see cref="PredictorInfo.Labels"/>; they sum to 1.</param>
/// <param name="Logits">The model's own outputs, in the same order.</param>
/// <param name="QueueTime">From acceptance to the start of its batch.</param>
/// <param name="InferenceTime">Computation of its whole batch.</param>
/// <param name="BatchSize">Rows of its batch.</param>
/// <param name="Tokens">Tokens of the input, without padding.</param>
/// <param name="WasTruncated">Whether tokens of the text were cut off before, as its caller allowed.</param>
public sealed record PredictedRow(
    IReadOnlyList<double> Probabilities, IReadOnlyList<float> Logits, TimeSpan QueueTime, TimeSpan InferenceTime, int BatchSize, int Tokens, bool WasTruncated)
{
    /// <summary>exp(z_i) / sum_j exp(z_j), in double precision; the largest logit is subtracted first, so nothing overflows.</summary>
    public static double[] Softmax(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        var probabilities = new double[logits.Length];
        for (var i = 0; i < logits.Length; i++)
            sum += probabilities[i] = Math.Exp(logits[i] - max);
        for (var i = 0; i < logits.Length; i++)
            probabilities[i] /= sum;
        return probabilities;
    }
}
