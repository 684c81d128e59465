namespace SparseRobust.Lab.Data;

/// <summary>Re-derives the label of a Shortcut-NLI pair from its two texts alone: the proof that the task's ceiling is 100 %.</summary>
/// <remarks>It parses; it shares nothing with the generator but the word lists. Thread-safe.</remarks>
public static class ShortcutNliOracle
{
    /// <summary>The label of a pair in <see cref="LabelSet.ThreeWayNli"/>.</summary>
    /// <param name="premise">First text.</param>
    /// <param name="hypothesis">Second text.</param>
    /// <exception cref="FormatException">A text is not of the grammar.</exception>
    public static int Label(string premise, string hypothesis)
    {
        var asked = ReadHypothesis(hypothesis);
        foreach (var (clause, said) in ReadPremise(premise))
        {
            if (clause.Actor != asked.Actor || clause.Target != asked.Target || clause.Verb != asked.Verb)
                continue;
            var truth = clause.Negated == asked.Negated ? (int)said : -(int)said;
            return LabelSet.ThreeWayNli.Require(truth switch { > 0 => "entailment", < 0 => "contradiction", _ => "neutral" });
        }
        return LabelSet.ThreeWayNli.Require("neutral");
    }

    private static ShortcutClause ReadHypothesis(string text)
    {
        var assurance = ShortcutLexicon.Assurances.FirstOrDefault(phrase => text.StartsWith(phrase + " ", StringComparison.Ordinal));
        var clause = ReadClause(assurance is null ? text : text[(assurance.Length + 1)..], out var rest);
        return rest.Length == 0 ? clause : throw NotOfTheGrammar(text);
    }

    private static List<(ShortcutClause Clause, Veridicality Said)> ReadPremise(string text)
    {
        if (FirstCue(ShortcutLexicon.Openers, text) is { } opener)
            return [(ReadWhole(text[(opener.Text.Length + 1)..]), opener.Veridicality)];
        var words = text.Split(' ', 3);
        if (words.Length == 3 && FirstCue(ShortcutLexicon.Frames, words[2]) is { } frame)
            return [(ReadWhole(words[2][(frame.Text.Length + 1)..]), frame.Veridicality)];
        if (words.Length == 3 && FirstCue(ShortcutLexicon.Links, words[2]) is { } link)
        {
            var linked = ReadWhole(words[2][(link.Text.Length + 1)..]);
            return [(linked, link.Veridicality), (linked with { Actor = words[1] }, Veridicality.Asserted)];
        }
        var clause = ReadClause(text, out var rest);
        if (rest.Length == 0)
            return [(clause, Veridicality.Asserted)];
        var tail = ShortcutLexicon.Tails.FirstOrDefault(cue => cue.Text == rest) ?? throw NotOfTheGrammar(text);
        return [(clause, Veridicality.Asserted), (clause.Swapped(), tail.Veridicality)];
    }

    private static CuePhrase? FirstCue(IReadOnlyList<CuePhrase> cues, string text) =>
        cues.FirstOrDefault(cue => text.StartsWith(cue.Text + " the ", StringComparison.Ordinal));

    private static ShortcutClause ReadWhole(string text)
    {
        var clause = ReadClause(text, out var rest);
        return rest.Length == 0 ? clause : throw NotOfTheGrammar(text);
    }

    private static ShortcutClause ReadClause(string text, out string rest)
    {
        var words = text.Split(' ');
        var at = 0;
        string Next() => at < words.Length ? words[at++] : throw NotOfTheGrammar(text);
        bool Skip(string word) => at < words.Length && words[at] == word && ++at > 0;
        string Person() => Skip("the") && Next() is var noun && noun.EndsWith(ShortcutLexicon.PersonSuffix, StringComparison.Ordinal) ? noun : throw NotOfTheGrammar(text);

        var subject = Person();
        var passive = Skip("was");
        var negated = Skip(ShortcutLexicon.Negation);
        var verb = Next();
        if (!verb.EndsWith(ShortcutLexicon.VerbSuffix, StringComparison.Ordinal) || (passive && !Skip("by")))
            throw NotOfTheGrammar(text);
        var complement = Person();
        rest = string.Join(' ', words[at..]);
        return passive ? new ShortcutClause(complement, verb, subject, negated) : new ShortcutClause(subject, verb, complement, negated);
    }

    private static FormatException NotOfTheGrammar(string text) => new($"\"{text}\" is not a sentence of the Shortcut-NLI grammar.");
}
