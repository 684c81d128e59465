namespace SparseRobust.Lab.Tokenizers;

/// <summary>A text pair as ids, laid out as its tokenizer's model needs ([CLS] first [SEP] second [SEP]), without padding.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="FirstSegmentLength">How many leading ids have token type 0 (BERT: [CLS] first [SEP]; RoBERTa: all); the rest have type 1.</param>
/// <param name="TruncatedTokens">How many tokens were cut off; 0 unless truncation was asked for.</param>
public sealed record Encoding(int[] Ids, int FirstSegmentLength, int TruncatedTokens)
{
    /// <summary>Number of ids.</summary>
    public int Length => Ids.Length;
}

/// <summary>What to do with a pair longer than the model's length.</summary>
public enum Truncation
{
    /// <summary>Refuse it with InputTooLong, naming the row.</summary>
    Refuse,

    /// <summary>Cut tokens from the end of whichever text is longer, and count them. The papers' setting.</summary>
    LongestFirst,
}
