using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Bias;

/// <summary>The words over which bias features are counted: sentences, Treebank words, then a split at every punctuation mark or symbol inside a word.</summary>
/// <remarks>
/// Source: Win-win Deal, app. B.3.1, and the preprocessing code it cites (Clark, Yatskar and Zettlemoyer 2019). The split is at the Unicode
/// classes Pd, Po, Ps, Pe, Pc and S*, each mark becoming a word of its own, but not at apostrophe, full stop and comma, where the Treebank rules decide,
/// and not inside the quotes `` and ''.
/// Deviations: sentences are found by a rule (below) instead of NLTK's trained Punkt model, which changes only whether a full stop inside the text stands
/// apart; opening punctuation (Ps) is split like closing; typographic quotes (Pi, Pf) stay in their words, as there.
/// </remarks>
internal static class BiasTokenizer
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "gen", "col", "capt", "lt", "sgt", "rep", "sen", "gov", "rev", "hon", "pres", "vs", "etc",
        "inc", "ltd", "co", "corp", "dept", "fig", "ed", "vol", "pp", "al", "approx", "mt", "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec",
    };

    /// <summary>Lower-cased (invariant) words, for features that compare words as sets or sequences. Thread-safe.</summary>
    public static string[] LowerCased(string text) => [.. Words(text).Select(word => word.ToLowerInvariant())];

    /// <summary>Words in their own case, for looking up word vectors. Empty for blank text. Thread-safe.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        foreach (var sentence in Sentences(text))
            foreach (var word in TreebankWords.Of(sentence))
                AddSplit(word, words);
        return words;
    }

    /// <summary>Sentences, trimmed: a text is cut after a full stop (and closing marks) followed by white space and anything but a lower-case letter, unless
    /// the word before it is an abbreviation, a single letter, or holds another full stop.</summary>
    internal static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != '.' || !EndsSentence(text, start, i, out var next))
                continue;
            yield return text[start..next].Trim();
            start = next;
            i = next;
        }
        if (text[start..].Trim() is { Length: > 0 } rest)
            yield return rest;
    }

    private static bool EndsSentence(string text, int start, int period, out int next)
    {
        next = period + 1;
        while (next < text.Length && text[next] is '"' or '\'' or ')' or ']' or '}' or '”' or '’')
            next++;
        if (next >= text.Length || !char.IsWhiteSpace(text[next]))
            return false;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
            next++;
        return next < text.Length && !char.IsLower(text[next]) && !IsAbbreviation(text[start..period]);
    }

    private static bool IsAbbreviation(string before)
    {
        var word = before[(before.LastIndexOfAny([' ', '\t', '\n', '(', '"']) + 1)..];
        return word.Contains('.') || (word.Length == 1 && char.IsLetter(word[0])) || Abbreviations.Contains(word);
    }

    private static void AddSplit(string word, List<string> words)
    {
        if (word is "``" or "''")
        {
            words.Add(word);
            return;
        }
        var part = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (!IsSplitPoint(rune))
            {
                part.Append(rune);
                continue;
            }
            Flush(part, words);
            words.Add(rune.ToString());
        }
        Flush(part, words);
    }

    private static void Flush(StringBuilder part, List<string> words)
    {
        if (part.Length > 0)
            words.Add(part.ToString());
        part.Clear();
    }

    private static bool IsSplitPoint(Rune rune) => rune.Value is not ('\'' or '.' or ',') && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.DashPunctuation or UnicodeCategory.OtherPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
        or UnicodeCategory.OtherSymbol;
}
