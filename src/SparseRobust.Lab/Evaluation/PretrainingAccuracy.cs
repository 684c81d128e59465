namespace SparseRobust.Lab.Evaluation;

/// <summary>How well BERT's two pre-training tasks are solved: shares in [0, 1]; null where there is nothing to predict.</summary>
/// <remarks>Source: Devlin et al. 2019, sec. 3.1; RPP reports both.</remarks>
internal static class PretrainingAccuracy
{
    /// <summary>The label of a position whose token is not to be predicted.</summary>
    public const int Unmasked = -100;

    /// <summary>Masked positions whose predicted token is the label / masked positions.</summary>
    /// <param name="predicted">Token ids, one per position.</param>
    /// <param name="labels">The original token id of each masked position; <see cref="Unmasked"/> elsewhere.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static double? MaskedTokens(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        RequireEqual(predicted.Length, labels.Length);
        var (right, masked) = (0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Unmasked)
                continue;
            masked++;
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return masked == 0 ? null : (double)right / masked;
    }

    /// <summary>Pairs whose larger logit is the label's / pairs; of equal logits the first counts.</summary>
    /// <param name="predictions">Two logits per pair.</param>
    /// <param name="labels">0 or 1 per pair.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are not two logits per pair.</exception>
    public static double? NextSentence(Predictions predictions, ReadOnlySpan<int> labels)
    {
        RequireEqual(predictions.Count, labels.Length);
        if (predictions.Classes != 2)
            throw new ArgumentException($"Next-sentence prediction has 2 classes, not {predictions.Classes}.", nameof(predictions));
        int[] predicted = [.. Enumerable.Range(0, predictions.Count).Select(predictions.Argmax)];
        return Accuracy.Of(ConfusionMatrix.Of(predicted, labels, 2));
    }

    private static void RequireEqual(int predictions, int labels)
    {
        if (predictions != labels)
            throw new ArgumentException($"{predictions} predictions cannot be judged by {labels} labels.", nameof(labels));
    }
}
