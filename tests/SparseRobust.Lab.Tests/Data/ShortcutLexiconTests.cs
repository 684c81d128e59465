using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class ShortcutLexiconTests
{
    private static readonly IReadOnlyList<string> OpenClass =
        [.. new[] { true, false }.SelectMany(training => ShortcutLexicon.Nouns(training).Concat(ShortcutLexicon.Verbs(training)))];

    [Fact]
    public void There_are_at_least_300_distinct_words()
    {
        var words = OpenClass.Concat(ShortcutLexicon.ClosedClassWords).ToList();
        Assert.Equal(words.Count, words.Distinct().Count());
        Assert.True(words.Count >= 300, $"only {words.Count} words");
    }

    [Fact]
    public void Cue_lists_hold_equally_many_of_each_kind_in_the_order_the_grammar_expects()
    {
        foreach (var cues in new[] { ShortcutLexicon.Frames, ShortcutLexicon.Openers, ShortcutLexicon.Links, ShortcutLexicon.Tails })
        {
            Assert.Equal(cues.Count, cues.Select(cue => cue.Text).Distinct().Count());
            var kinds = cues.Chunk(cues.Count / 3).Select(chunk => chunk.Select(cue => cue.Veridicality).Distinct().Single());
            Assert.Equal([Veridicality.Asserted, Veridicality.Open, Veridicality.Denied], kinds);
        }
    }

    [Fact]
    public void Vocabulary_begins_with_the_special_tokens_and_repeats_none()
    {
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], ShortcutVocabulary.Tokens.Take(5));
        Assert.Equal(ShortcutVocabulary.Tokens.Count, ShortcutVocabulary.Tokens.Distinct().Count());
        Assert.All(ShortcutVocabulary.Tokens.Skip(5), token => Assert.Matches("^(##)?[a-z]+$", token));
    }

    [Fact]
    public void Every_closed_class_word_is_one_token() =>
        Assert.All(ShortcutLexicon.ClosedClassWords, word => Assert.Equal([word], LongestMatches(word)));

    [Fact]
    public void Every_noun_and_verb_is_a_stem_and_a_suffix()
    {
        foreach (var word in OpenClass)
        {
            var tokens = LongestMatches(word);
            Assert.Equal([word[..^2], "##" + word[^2..]], tokens);
        }
    }

    private static List<string> LongestMatches(string word)
    {
        var vocabulary = ShortcutVocabulary.Tokens.ToHashSet();
        var tokens = new List<string>();
        for (var start = 0; start < word.Length;)
        {
            var prefix = start == 0 ? "" : "##";
            var end = word.Length;
            while (end > start && !vocabulary.Contains(prefix + word[start..end]))
                end--;
            if (end == start)
                return ["[UNK]"];
            tokens.Add(prefix + word[start..end]);
            start = end;
        }
        return tokens;
    }
}
