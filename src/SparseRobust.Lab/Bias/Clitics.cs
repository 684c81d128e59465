namespace SparseRobust.Lab.Bias;

/// <summary>Splits what English writes as one word and the Treebank counts as two: they'll, don't, cannot, gonna.</summary>
internal static class Clitics
{
    private static readonly string[] Short = ["'s", "'S", "'m", "'M", "'d", "'D"];
    private static readonly string[] Long = ["'ll", "'LL", "'re", "'RE", "'ve", "'VE", "n't", "N'T"];

    // Fused words and where they part, any case. "'tis" and "'twas" only at the start of a word, "wanna" only at its end.
    private static readonly (string Word, int Cut)[] Fused =
    [
        ("cannot", 3), ("d'ye", 1), ("gimme", 3), ("gonna", 3), ("gotta", 3), ("lemme", 3), ("more'n", 4), ("wanna", 3), ("'tis", 2), ("'twas", 2),
    ];

    /// <summary>Adds the parts of <paramref name="word"/>, which holds no white space, to <paramref name="parts"/>.</summary>
    public static void Split(string word, List<string> parts)
    {
        var stem = word;
        var quote = Cut(ref stem, ["'"]);
        var shortClitic = Cut(ref stem, Short);
        var longClitic = Cut(ref stem, Long);
        SplitFused(stem, parts);
        foreach (var tail in (string?[])[longClitic, shortClitic, quote])
            if (tail is not null)
                parts.Add(tail);
    }

    private static string? Cut(ref string word, string[] endings)
    {
        foreach (var ending in endings)
        {
            var at = word.Length - ending.Length;
            if (at < 1 || word[at - 1] == '\'' || !word.EndsWith(ending, StringComparison.Ordinal))
                continue;
            word = word[..at];
            return ending;
        }
        return null;
    }

    private static void SplitFused(string word, List<string> parts)
    {
        foreach (var (fused, cut) in Fused)
        {
            var at = word.IndexOf(fused, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || !Bounded(word, at, fused))
                continue;
            AddIfAny(word[..at], parts);
            parts.Add(word[at..(at + cut)]);
            parts.Add(word[(at + cut)..(at + fused.Length)]);
            AddIfAny(word[(at + fused.Length)..], parts);
            return;
        }
        AddIfAny(word, parts);
    }

    private static bool Bounded(string word, int at, string fused)
    {
        var end = at + fused.Length;
        var startsWell = fused[0] == '\'' ? at == 0 : at == 0 || !IsWordCharacter(word[at - 1]);
        var endsWell = fused == "wanna" ? end == word.Length : end == word.Length || !IsWordCharacter(word[end]);
        return startsWell && endsWell;
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static void AddIfAny(string part, List<string> parts)
    {
        if (part.Length > 0)
            parts.Add(part);
    }
}
