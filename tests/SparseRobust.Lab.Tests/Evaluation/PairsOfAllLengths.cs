using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Evaluation;

/// <summary>Rows of mixed lengths in an order that is not theirs, for models of 24 words.</summary>
internal static class PairsOfAllLengths
{
    private static readonly WordPiece Tokenizer = new(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, 19).Select(Word)]));

    /// <summary>Row i has 5 to 28 tokens, special tokens included.</summary>
    public static EncodedDataset Encoded(int rows, int maxLength, Truncation truncation = Truncation.Refuse)
    {
        var examples = Enumerable.Range(0, rows).Select(i => new Example($"row {i}", Words(1 + i * 7 % 13, i), Words(1 + i * 5 % 11, i + 3), i % 3)).ToList();
        var set = EvaluationSet.SameLabels(new Dataset("pairs", "dev", LabelSet.ThreeWayNli, examples, "sha"));
        return EncodedDataset.Encode(set, Tokenizer, maxLength, truncation, CancellationToken.None);
    }

    private static string Words(int count, int first) => string.Join(' ', Enumerable.Range(first, count).Select(i => Word(5 + i % 19)));

    private static string Word(int id) => $"w{id}";
}
