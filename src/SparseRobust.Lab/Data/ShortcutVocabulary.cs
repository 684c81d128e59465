namespace SparseRobust.Lab.Data;

/// <summary>The WordPiece vocabulary of Shortcut-NLI: no word of the grammar becomes [UNK].</summary>
public static class ShortcutVocabulary
{
    /// <summary>Tokens in the order of their ids, lower case: [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4, closed-class words, stems, then the continuations ##er and ##ed.</summary>
    /// <remarks>A person and a verb are two tokens each (stem and suffix); every token occurs in training.</remarks>
    public static IReadOnlyList<string> Tokens { get; } =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
        .. ShortcutLexicon.ClosedClassWords,
        .. ShortcutLexicon.Stems,
        "##" + ShortcutLexicon.PersonSuffix,
        "##" + ShortcutLexicon.VerbSuffix,
    ];
}
