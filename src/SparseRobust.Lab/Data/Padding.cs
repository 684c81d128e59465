namespace SparseRobust.Lab.Data;

/// <summary>How long the rows of a training batch are made by padding tokens at their end. Names follow the padding argument of Hugging Face's tokenizers.</summary>
/// <remarks>
/// Padding is masked out of attention (its weight is exactly 0) and only the first token is classified: padded rows have the same logits and gradients up to
/// the rounding of sums. What changes in training is which random numbers dropout draws, one for each position, so the two are different runs of the
/// same distribution. Evaluation and prediction use no dropout and always pad to the longest row of a batch.
/// </remarks>
public enum Padding
{
    /// <summary>To the longest row of the batch.</summary>
    Longest,

    /// <summary>To the recipe's max_length: every batch has one shape. What the papers' scripts do, at 128.</summary>
    MaxLength,
}
