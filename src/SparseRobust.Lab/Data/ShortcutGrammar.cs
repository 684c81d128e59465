using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Data;

/// <summary>A premise and a hypothesis with what is known about them.</summary>
/// <param name="Premise">Lower-case words separated by single spaces.</param>
/// <param name="Hypothesis">Lower-case words separated by single spaces.</param>
/// <param name="Truth">Asserted: entailment; Denied: contradiction; Open: neutral.</param>
/// <param name="Subcase">The construction's name.</param>
internal sealed record ShortcutPair(string Premise, string Hypothesis, Veridicality Truth, string Subcase);

/// <summary>Draws pairs of Shortcut-NLI's three constructions. Overlap is not its business: <see cref="ShortcutNli"/> keeps the pairs it needs.</summary>
/// <remarks>
/// A pair's truth is the product of what the premise says about the hypothesis' event (a cue phrase, or the order of the actors) and of
/// whether the two clauses agree in negation. Every construction has asserted, open and denied members of one shape. Not thread-safe.
/// </remarks>
internal sealed class ShortcutGrammar(SplitMix64 random, bool training)
{
    /// <summary>HANS' three heuristics.</summary>
    public static IReadOnlyList<string> Heuristics { get; } = ["lexical_overlap", "subsequence", "constituent"];

    private const double NegatedShare = 0.2, SameNegationShare = 0.75, PassiveHypothesisShare = 0.15, FramedShare = 0.6;
    private const double TailedShare = 0.6, SameOrderShare = 0.25, HeadActorShare = 0.2, AssuredShare = 0.8, StrangerShare = 0.1;

    private readonly IReadOnlyList<string> _nouns = ShortcutLexicon.Nouns(training);
    private readonly IReadOnlyList<string> _verbs = ShortcutLexicon.Verbs(training);

    /// <summary>Draws one pair of a heuristic's construction.</summary>
    /// <param name="heuristic">One of <see cref="Heuristics"/>.</param>
    /// <param name="reworded">Whether the hypothesis may hold words that the premise lacks (an assurance, a stranger).</param>
    public ShortcutPair Draw(string heuristic, bool reworded)
    {
        var (first, second, third, stranger) = DrawPersons();
        var clause = new ShortcutClause(first, Pick(_verbs), second, Chance(NegatedShare));
        var (premise, hypothesis, said, subcase) = heuristic switch
        {
            "constituent" => Constituent(clause, third),
            "subsequence" => Subsequence(clause, third),
            "lexical_overlap" => LexicalOverlap(clause),
            _ => throw new ArgumentOutOfRangeException(nameof(heuristic), heuristic, "Not one of the three heuristics."),
        };
        if (!Chance(SameNegationShare))
        {
            hypothesis = hypothesis with { Negated = !hypothesis.Negated };
            said = (Veridicality)(-(int)said);
        }
        if (reworded && said == Veridicality.Open && Chance(StrangerShare))
            hypothesis = hypothesis with { Actor = stranger };
        var text = Chance(PassiveHypothesisShare) ? hypothesis.Passive() : hypothesis.Active();
        if (reworded && Chance(AssuredShare))
            text = $"{Pick(ShortcutLexicon.Assurances)} {text}";
        return new ShortcutPair(premise, text, said, subcase);
    }

    private Drawn Constituent(ShortcutClause clause, string bearer)
    {
        if (!Chance(FramedShare))
        {
            var opener = PickCue(ShortcutLexicon.Openers);
            return new Drawn($"{opener.Text} {clause.Active()}", clause, opener.Veridicality, "opener");
        }
        var frame = PickCue(ShortcutLexicon.Frames);
        return new Drawn($"the {bearer} {frame.Text} {clause.Active()}", clause, frame.Veridicality, "frame");
    }

    private Drawn Subsequence(ShortcutClause clause, string head)
    {
        var link = PickCue(ShortcutLexicon.Links);
        var premise = $"the {head} {link.Text} {clause.Active()}";
        return Chance(HeadActorShare)
            ? new Drawn(premise, clause with { Actor = head }, Veridicality.Asserted, "link_head")
            : new Drawn(premise, clause, link.Veridicality, "link_second");
    }

    private Drawn LexicalOverlap(ShortcutClause clause)
    {
        if (!Chance(TailedShare))
        {
            var voiced = Chance(0.5) ? clause.Passive() : clause.Active();
            return Chance(0.5)
                ? new Drawn(voiced, clause, Veridicality.Asserted, "voice_same")
                : new Drawn(voiced, clause.Swapped(), Veridicality.Open, "voice_swapped");
        }
        var tail = PickCue(ShortcutLexicon.Tails);
        var premise = $"{clause.Active()} {tail.Text}";
        return Chance(SameOrderShare)
            ? new Drawn(premise, clause, Veridicality.Asserted, "tail_same")
            : new Drawn(premise, clause.Swapped(), tail.Veridicality, "tail_swapped");
    }

    private (string First, string Second, string Third, string Stranger) DrawPersons()
    {
        Span<int> drawn = [-1, -1, -1, -1];
        for (var i = 0; i < drawn.Length; i++)
        {
            int candidate;
            do
                candidate = random.Next(_nouns.Count);
            while (drawn[..i].Contains(candidate));
            drawn[i] = candidate;
        }
        return (_nouns[drawn[0]], _nouns[drawn[1]], _nouns[drawn[2]], _nouns[drawn[3]]);
    }

    private CuePhrase PickCue(IReadOnlyList<CuePhrase> cues)
    {
        // The lists hold equally many phrases of each kind, kind by kind. Integer weights, so that no machine's logarithm matters.
        var perKind = cues.Count / 3;
        var total = 0;
        for (var rank = 0; rank < perKind; rank++)
            total += Weight(rank);
        var left = random.Next(total);
        var chosen = 0;
        while (left >= Weight(chosen))
            left -= Weight(chosen++);
        return cues[(random.Next(3) * perKind) + chosen];
    }

    private static int Weight(int rank) => 1000 / (rank + 3);

    private string Pick(IReadOnlyList<string> words) => words[random.Next(words.Count)];

    private bool Chance(double probability) => random.NextDouble() < probability;

    private readonly record struct Drawn(string Premise, ShortcutClause Hypothesis, Veridicality Said, string Subcase);
}

/// <summary>"the helper painted the farmer": one event.</summary>
internal sealed record ShortcutClause(string Actor, string Verb, string Target, bool Negated)
{
    private string Never => Negated ? $"{ShortcutLexicon.Negation} " : "";

    public string Active() => $"the {Actor} {Never}{Verb} the {Target}";

    public string Passive() => $"the {Target} was {Never}{Verb} by the {Actor}";

    /// <summary>The same event with its persons exchanged.</summary>
    public ShortcutClause Swapped() => this with { Actor = Target, Target = Actor };
}
