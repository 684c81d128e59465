// Shapes: B batch, L length.
namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>The loss of an answer's place: the mean of two cross-entropies over positions, one for the first token and one for the last.</summary>
/// <remarks>Source: Devlin et al. (2019), BERT, sec. 4.2, as in Hugging Face's question-answering heads: a place behind the window (at L or later) does not count, one before it
/// counts as 0, that of [CLS]; each mean is over the rows that count. Deviates: where none counts the loss is 0, not NaN.</remarks>
internal static class AnswerLoss
{
    /// <param name="logits_BL">The logits of both ends.</param>
    /// <param name="target_B">Positions of the answer's first and last token, int64.</param>
    /// <returns>A scalar, in nats.</returns>
    public static Tensor Of((Tensor Start_BL, Tensor End_BL) logits_BL, (Tensor Start_B, Tensor End_B) target_B) =>
        (OfOneEnd(logits_BL.Start_BL, target_B.Start_B) + OfOneEnd(logits_BL.End_BL, target_B.End_B)) / 2;

    private static Tensor OfOneEnd(Tensor logits_BL, Tensor target_B)
    {
        var length = logits_BL.shape[1];
        var place_B = target_B.clamp(0, length);
        // Counted on the device: to look at the count would wait for it.
        var counted = place_B.lt(length).sum().clamp_min(1);
        return nn.functional.cross_entropy(logits_BL, place_B, ignore_index: length, reduction: nn.Reduction.Sum) / counted;
    }
}
