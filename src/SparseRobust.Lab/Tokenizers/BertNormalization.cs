namespace SparseRobust.Lab.Tokenizers;

/// <summary>What a BERT tokenizer does to a text before it looks for pieces.</summary>
/// <remarks>Source: Hugging Face BertNormalizer and BertTokenizer; the defaults are theirs and those of the uncased models.</remarks>
/// <param name="LowerCase">Lower-case; default true. File name: lowercase, or do_lower_case.</param>
/// <param name="StripAccents">Leave out accents (canonical decomposition without its non-spacing marks); null, the default, means as <paramref name="LowerCase"/>. strip_accents.</param>
/// <param name="IsolateIdeographs">Make each CJK ideograph a word by itself; default true. handle_chinese_chars, or tokenize_chinese_chars.</param>
/// <param name="CleanText">Leave out control characters and U+FFFD; default true. Lone surrogates are left out always. clean_text.</param>
public sealed record BertNormalization(bool LowerCase = true, bool? StripAccents = null, bool IsolateIdeographs = true, bool CleanText = true)
{
    /// <summary>Whether accents are left out in the end.</summary>
    internal bool StripsAccents => StripAccents ?? LowerCase;

    /// <summary>A word for the usual two; for others, all four settings.</summary>
    internal string Name => this switch
    {
        { IsolateIdeographs: true, CleanText: true, LowerCase: true, StripsAccents: true } => "uncased",
        { IsolateIdeographs: true, CleanText: true, LowerCase: false, StripsAccents: false } => "cased",
        _ => FormattableString.Invariant($"lowercase {LowerCase} strip_accents {StripsAccents} handle_chinese_chars {IsolateIdeographs} clean_text {CleanText}"),
    };
}
