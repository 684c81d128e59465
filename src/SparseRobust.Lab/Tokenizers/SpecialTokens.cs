namespace SparseRobust.Lab.Tokenizers;

/// <summary>The tokens that a model's inputs are built with. Several may be the same token.</summary>
/// <param name="Pad">Fills up shorter rows.</param>
/// <param name="Unknown">Stands for what has no piece.</param>
/// <param name="Cls">Begins an input.</param>
/// <param name="Sep">Ends a segment.</param>
/// <param name="Mask">Stands for a hidden token.</param>
public sealed record SpecialTokens(string Pad, string Unknown, string Cls, string Sep, string Mask)
{
    /// <summary>BERT's.</summary>
    public static SpecialTokens Bert { get; } = new("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    /// <summary>RoBERTa's.</summary>
    public static SpecialTokens Roberta { get; } = new("<pad>", "<unk>", "<s>", "</s>", "<mask>");

    /// <summary>GPT-2's vocabulary has one token for all uses.</summary>
    public static SpecialTokens Gpt2 { get; } = new("<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "<|endoftext|>");

    /// <summary>Padding, unknown, begin, separator, mask.</summary>
    internal IReadOnlyList<string> InOrder => [Pad, Unknown, Cls, Sep, Mask];
}
