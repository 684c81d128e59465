using System.Globalization;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Where GPT-2 and RoBERTa end a word: contractions ('s 't 're 've 'm 'll 'd), letters, numbers, other characters, each with a space before it if there is one, and white space.</summary>
/// <remarks>Source: the pattern of GPT-2's encoder, <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, by hand. White space is Unicode's property
/// White_Space, as in Hugging Face's Rust implementation (JavaScript's \s lacks U+0085 and has U+FEFF). A lone surrogate is one of the other characters.</remarks>
internal static class Gpt2Words
{
    private enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Space,
        Surrogate,
    }

    private static readonly Kind[] Kinds = [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => KindOf((char)code))];

    /// <summary>The end of the word that begins at <paramref name="start"/>, which is within the text.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionAt(text[start..]) is > 0 and var length)
            return start + length;
        var first = text[start] == ' ' && start + 1 < text.Length && Kinds[text[start + 1]] != Kind.Space ? start + 1 : start;
        var (kind, end) = Read(text, first);
        while (end < text.Length)
        {
            var (next, nextEnd) = Read(text, end);
            if (next != kind)
                break;
            end = nextEnd;
        }
        // White space before a word leaves its last character to that word, unless it is all there is.
        return kind == Kind.Space && end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int ContractionAt(ReadOnlySpan<char> text) => text.Length < 2 ? 0 : text[1] switch
    {
        's' or 't' or 'm' or 'd' => 2,
        'r' or 'v' when text.Length > 2 && text[2] == 'e' => 3,
        'l' when text.Length > 2 && text[2] == 'l' => 3,
        _ => 0,
    };

    private static (Kind Kind, int End) Read(ReadOnlySpan<char> text, int at)
    {
        var kind = Kinds[text[at]];
        if (kind != Kind.Surrogate)
            return (kind, at + 1);
        if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
            return (Kind.Other, at + 1);
        return (KindOf(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[at], text[at + 1]))), at + 2);
    }

    private static Kind KindOf(char unit) => char.IsSurrogate(unit) ? Kind.Surrogate : char.IsWhiteSpace(unit) ? Kind.Space : KindOf(char.GetUnicodeCategory(unit));

    private static Kind KindOf(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Kind.Other,
    };
}
