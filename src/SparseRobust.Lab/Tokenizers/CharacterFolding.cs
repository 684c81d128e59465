using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>What BERT's basic tokenizer does with a UTF-16 unit.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Part of a word; its folded form is one unit.</summary>
    Word,

    /// <summary>Ends a word.</summary>
    Space,

    /// <summary>Punctuation or a CJK ideograph: a word by itself.</summary>
    Isolated,

    /// <summary>A control character, or an accent being stripped: as if it were not there.</summary>
    Dropped,

    /// <summary>A surrogate, a letter that folds to several units, or one that depends on its neighbours.</summary>
    Complex,
}

/// <summary>BERT's cleaning, lower-casing and accent stripping, one character at a time, as tables over the basic multilingual plane.</summary>
/// <remarks>Source: Hugging Face BasicTokenizer (Python). Differs only where non-Mn marks would be put into canonical order (a few musical symbols and
/// Hangul tone marks). Immutable and thread-safe; 192 KiB each.</remarks>
internal sealed class CharacterFolding
{
    private static readonly ConcurrentDictionary<BertNormalization, CharacterFolding> Made = new();

    private readonly CharacterKind[] _kinds = new CharacterKind[char.MaxValue + 1];
    private readonly char[] _folded = new char[char.MaxValue + 1];
    private readonly BertNormalization _settings;

    private CharacterFolding(BertNormalization settings)
    {
        _settings = settings;
        for (var code = 0; code <= char.MaxValue; code++)
            (_kinds[code], _folded[code]) = Classify((char)code);
    }

    /// <summary>The tables of some settings, made once.</summary>
    public static CharacterFolding Of(BertNormalization settings) => Made.GetOrAdd(settings with { StripAccents = settings.StripsAccents }, made => new CharacterFolding(made));

    /// <summary>What to do with a unit.</summary>
    public CharacterKind KindOf(char unit) => _kinds[unit];

    /// <summary>The folded form of a unit of kind Word or Isolated.</summary>
    public char Fold(char unit) => _folded[unit];

    /// <summary>The folded form of a character, at most three characters long; its parts may be words and punctuation.</summary>
    /// <returns>How many units were written.</returns>
    public int Fold(Rune rune, Span<char> folded)
    {
        if (!_settings.StripsAccents)
            return _settings.LowerCase ? LowerAlone(rune, folded) : rune.EncodeToUtf16(folded);
        if (rune.Value is >= 0xAC00 and <= 0xD7A3)
            return DecomposeHangul(rune.Value - 0xAC00, folded);
        if (!Decompositions.WithoutMarks.TryGetValue(rune.Value, out var parts))
            return Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? 0 : Lower(rune).EncodeToUtf16(folded);
        var length = 0;
        foreach (var part in parts.EnumerateRunes())
            length += Lower(part).EncodeToUtf16(folded[length..]);
        return length;
    }

    /// <summary>Whether a character is left out because it is none that is read: a control character.</summary>
    public bool IsCleanedAway(Rune rune) => _settings.CleanText && IsControl(rune);

    /// <summary>Whether a character is a word by itself because it is an ideograph.</summary>
    public bool IsIsolatedIdeograph(Rune rune) => _settings.IsolateIdeographs && IsIdeograph(rune);

    /// <summary>Whether a character is punctuation: any ASCII symbol, or Unicode's categories P*.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii ? IsAsciiSymbol(rune.Value) : Rune.IsPunctuation(rune);

    /// <summary>Whether a character is left out by cleaning: category C* save tab, line feed and carriage return, and the replacement character.</summary>
    public static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && (rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>Whether a character is an ideograph of the CJK blocks that BERT spaces out.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private (CharacterKind Kind, char Folded) Classify(char unit)
    {
        if (!Rune.TryCreate(unit, out var rune) || (_settings.LowerCase && rune.Value == FinalSigma.Capital))
            return (CharacterKind.Complex, unit);
        if (unit is '\t' or '\n' or '\r' || Rune.IsSeparator(rune) || (!_settings.CleanText && Rune.IsWhiteSpace(rune)))
            return (CharacterKind.Space, ' ');
        if (IsCleanedAway(rune))
            return (CharacterKind.Dropped, unit);
        Span<char> folded = stackalloc char[8];
        return Fold(rune, folded) switch
        {
            0 => (CharacterKind.Dropped, unit),
            1 => (IsIsolatedIdeograph(rune) || IsPunctuation(new Rune(folded[0])) ? CharacterKind.Isolated : CharacterKind.Word, folded[0]),
            _ => (CharacterKind.Complex, unit),
        };
    }

    private Rune Lower(Rune rune) => _settings.LowerCase ? Rune.ToLowerInvariant(rune) : rune;

    // The capital I with a dot is the only character whose lower case has two: i and the dot, which goes with the accents elsewhere.
    private static int LowerAlone(Rune rune, Span<char> folded)
    {
        if (rune.Value != 0x130)
            return Rune.ToLowerInvariant(rune).EncodeToUtf16(folded);
        (folded[0], folded[1]) = ('i', '\u0307');
        return 2;
    }

    private static bool IsAsciiSymbol(int code) => code is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126);

    private static int DecomposeHangul(int index, Span<char> folded)
    {
        const int Vowels = 21, Finals = 28;
        folded[0] = (char)(0x1100 + (index / (Vowels * Finals)));
        folded[1] = (char)(0x1161 + (index % (Vowels * Finals) / Finals));
        if (index % Finals == 0)
            return 2;
        folded[2] = (char)(0x11A7 + (index % Finals));
        return 3;
    }
}
