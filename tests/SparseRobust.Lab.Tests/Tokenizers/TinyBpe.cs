using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

/// <summary>Hand-made byte-level vocabularies.</summary>
internal static class TinyBpe
{
    /// <summary>Merges for a few words; "Ġ" is a space.</summary>
    public static readonly (string Left, string Right)[] Merges =
        [("Ġ", "t"), ("h", "e"), ("Ġt", "he"), ("l", "a"), ("la", "w"), ("y", "e"), ("ye", "r"), ("law", "yer"), ("Ġ", "lawyer"), ("'", "s"), ("Ã", "©"), ("a", "a"), ("aa", "aa"), ("Ġ", "Ġ"), ("ð", "Ł"), ("ðŁ", "ĺ"), ("1", "2"), ("Ċ", "Ċ")];

    /// <summary>Special tokens, all bytes, then the merged pieces in their order.</summary>
    public static ByteLevelBpe Create(bool addPrefixSpace = false) =>
        new(Tokens(Merges), Merges, SpecialTokens.Roberta, addPrefixSpace);

    /// <summary>RoBERTa's special tokens, all bytes, and what merges make.</summary>
    public static string[] Tokens(IEnumerable<(string Left, string Right)> merges) =>
        [.. new[] { "<s>", "<pad>", "</s>", "<unk>", "<mask>" }.Concat(Enumerable.Range(0, 256).Select(value => $"{ByteAlphabet.Symbol(value)}")).Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct()];

    /// <summary>A text's tokens as the vocabulary writes them.</summary>
    public static string Text(Tokenizer tokenizer, IEnumerable<int> ids) => string.Join(' ', ids.Select(id => tokenizer.Tokens[id]));
}
