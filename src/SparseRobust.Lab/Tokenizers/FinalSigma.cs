using System.Globalization;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Lower-casing of the Greek capital sigma, which alone in Unicode depends on its neighbours: at the end of a word it becomes a final sigma.</summary>
/// <remarks>Source: the Unicode Standard, table 3-17 (Final_Sigma); looks no further than the basic multilingual plane.</remarks>
internal static class FinalSigma
{
    /// <summary>The capital sigma.</summary>
    public const char Capital = 'Σ';

    /// <summary>The lower-case form of the capital sigma at an index of a text.</summary>
    public static char Lower(string text, int at, CharacterFolding folding) =>
        NextIsCased(text, at, -1, folding) && !NextIsCased(text, at, 1, folding) ? 'ς' : 'σ';

    private static bool NextIsCased(string text, int at, int direction, CharacterFolding folding)
    {
        for (var i = at + direction; i >= 0 && i < text.Length; i += direction)
        {
            if (IsIgnorable(text[i], folding))
                continue;
            return char.GetUnicodeCategory(text[i]) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
        }
        return false;
    }

    private static bool IsIgnorable(char unit, CharacterFolding folding) =>
        folding.KindOf(unit) == CharacterKind.Dropped || unit is '\'' or '.' or ':' or '·' or '’' or '‘'
        || char.GetUnicodeCategory(unit) is UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol or UnicodeCategory.EnclosingMark or UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;
}
