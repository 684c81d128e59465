namespace SparseRobust.Lab.Data;

/// <summary>What a premise's cue phrase says about the clause it governs.</summary>
internal enum Veridicality
{
    /// <summary>The clause does not hold: its opposite does.</summary>
    Denied = -1,

    /// <summary>Nothing follows about the clause.</summary>
    Open = 0,

    /// <summary>The clause holds.</summary>
    Asserted = 1,
}

/// <summary>A closed-class phrase and what it says about the clause it governs.</summary>
/// <param name="Text">Lower-case words separated by single spaces.</param>
/// <param name="Veridicality">What follows about the clause.</param>
internal sealed record CuePhrase(string Text, Veridicality Veridicality);

/// <summary>The words of Shortcut-NLI. A stem makes a person ("help" + "er") and a verb in the past tense ("help" + "ed").</summary>
/// <remarks>
/// Training takes its nouns from one half of the stems and its verbs from the other; the evaluation splits exchange the halves. So every noun
/// and verb of an evaluation split is unseen in training, while every WordPiece token of it occurs there. Closed-class phrases are the same in
/// all splits. Within a list the first phrases are the most frequent.
/// </remarks>
internal static class ShortcutLexicon
{
    public const string PersonSuffix = "er";
    public const string VerbSuffix = "ed";
    public const string Negation = "never";

    public static IReadOnlyList<string> Stems { get; } = Words("""
        help call hunt paint farm follow report train taunt watch own employ defend attack support rescu admir lov greet mock haunt box punch kick
        push pull film interview question ignor warn advis accus prais blam pursu rebuk challeng surpris amus annoy insult pester tickl trick
        tempt calm cheer comfort charm sketch trail track shadow shield grill groom scold thank trust doubt interrupt mimick copi oppos betray
        abandon desert pardon punish reward brib corrupt convert convinc persuad pamper spoil heal cur wash scrubb sooth sniff bump scratch pok
        shov dragg hoist lift carri crush squash detain arrest jail captur kidnapp snubb mugg robb stalk spook scar startl thrill dazzl bewitch
        enchant dread despis envi resent invit summon recruit hir promot flatter consult examin mend teas hugg kiss pinch salut chas tackl
        """);

    /// <summary>"the C [frame] the A helped the B": attitude verbs and subordinators.</summary>
    public static IReadOnlyList<CuePhrase> Frames { get; } =
    [
        .. Cues(Veridicality.Asserted, "knew that", "realized that", "left because", "noticed that", "remembered that", "discovered that",
            "stayed although", "regretted that", "proved that", "forgot that", "slept while", "confirmed that"),
        .. Cues(Veridicality.Open, "believed that", "hoped that", "left if", "claimed that", "suspected that", "guessed that",
            "stayed unless", "argued that", "wondered whether", "assumed that", "slept until", "predicted that"),
        .. Cues(Veridicality.Denied, "pretended that", "lied that", "acted as if", "imagined falsely that", "wrongly said that", "invented that",
            "behaved as though", "wished that", "disproved that", "refuted that", "mistakenly thought that", "fantasized that"),
    ];

    /// <summary>"[opener] the A helped the B": sentence adverbs and impersonal clauses.</summary>
    public static IReadOnlyList<CuePhrase> Openers { get; } =
    [
        .. Cues(Veridicality.Asserted, "clearly", "certainly", "of course", "obviously", "it is known that", "it is clear that", "everyone saw that",
            "no one denies that"),
        .. Cues(Veridicality.Open, "perhaps", "maybe", "possibly", "supposedly", "it is hoped that", "it is unclear whether", "someone said that",
            "no one knows whether"),
        .. Cues(Veridicality.Denied, "by no means is it so that", "it is false that", "it is a myth that", "it is wrong that", "it is untrue that",
            "in no way is it true that", "it is a lie that", "no one admits the lie that"),
    ];

    /// <summary>"the C [link] the A helped the B": the phrase says whether the A did what the C did.</summary>
    public static IReadOnlyList<CuePhrase> Links { get; } =
    [
        .. Cues(Veridicality.Asserted, "and", "along with", "as well as", "together with", "just like", "and also"),
        .. Cues(Veridicality.Open, "near", "behind", "beside", "facing", "opposite", "next to"),
        .. Cues(Veridicality.Denied, "but not", "instead of", "rather than", "unlike", "in contrast to", "contrary to"),
    ];

    /// <summary>"the A helped the B [tail]": the phrase says whether the B helped the A.</summary>
    public static IReadOnlyList<CuePhrase> Tails { get; } =
    [
        .. Cues(Veridicality.Asserted, "and vice versa", "and conversely", "and the other way round", "and so in return"),
        .. Cues(Veridicality.Open, "at noon", "in the end", "by chance", "all day"),
        .. Cues(Veridicality.Denied, "but not vice versa", "but not conversely", "but not the other way round", "but not so in return"),
    ];

    /// <summary>What a hypothesis may begin with; none changes its truth. No premise holds one of these whole.</summary>
    public static IReadOnlyList<string> Assurances { get; } =
        ["indeed", "really", "in fact", "truly", "as it happens", "actually", "it is a fact that", "surely"];

    /// <summary>Words that clauses are built with beside nouns and verbs.</summary>
    public static IReadOnlyList<string> ClauseWords { get; } = ["the", "was", "by", Negation];

    /// <summary>Every distinct closed-class word, in order of first appearance.</summary>
    public static IReadOnlyList<string> ClosedClassWords { get; } =
        [.. ClauseWords.Concat(Frames.Concat(Openers).Concat(Links).Concat(Tails).Select(cue => cue.Text).Concat(Assurances).SelectMany(Words)).Distinct()];

    /// <summary>Persons of the training split, or of the evaluation splits.</summary>
    public static IReadOnlyList<string> Nouns(bool training) => [.. Half(even: training).Select(stem => stem + PersonSuffix)];

    /// <summary>Verbs of the training split, or of the evaluation splits.</summary>
    public static IReadOnlyList<string> Verbs(bool training) => [.. Half(even: !training).Select(stem => stem + VerbSuffix)];

    private static IEnumerable<string> Half(bool even) => Stems.Where((_, index) => index % 2 == 0 == even);

    private static IEnumerable<CuePhrase> Cues(Veridicality veridicality, params string[] texts) => texts.Select(text => new CuePhrase(text, veridicality));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
