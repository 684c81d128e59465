using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class WordPieceTrainerTests
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    // hug 10, pug 5, pun 12, bun 4, hugs 5. Pairs inside words: ##u ##g 20, p ##u 17, ##u ##n 16, h ##u 15, ##g ##s 5, b ##u 4.
    private static readonly (string Word, int Count)[] Hugs = [("hug", 10), ("pug", 5), ("pun", 12), ("bun", 4), ("hugs", 5)];

    [Fact]
    public void Pieces_are_merged_by_frequency_as_computed_by_hand()
    {
        string[] alphabet = ["b", "g", "h", "n", "p", "s", "u", "##g", "##n", "##s", "##u"];
        // After ##ug (20): ##u ##n 16, h ##ug 15, p ##u 12. After ##un (16): h ##ug 15, p ##un 12, ##ug ##s 5, p ##ug 5, b ##un 4. After hug: pun 12, then hug ##s, p ##ug (5 each), b ##un.
        string[] merged = ["##ug", "##un", "hug", "pun", "hugs", "pug", "bun"];
        Assert.Equal([.. Special, .. alphabet, .. merged], Train(100, Lines(Hugs)).Tokens);
        Assert.Equal([.. Special, .. alphabet, "##ug", "##un"], Train(18, Lines(Hugs)).Tokens);
    }

    [Fact]
    public void Equally_frequent_pairs_are_taken_in_ordinal_order_whatever_the_order_of_the_text()
    {
        string[] lines = ["xy", "ab", "ab", "xy", "cb", "cb"];
        var expected = Train(100, lines).Tokens;
        Assert.Equal(["ab", "cb", "xy"], expected.Skip(expected.Count - 3));
        Assert.Equal(expected, Train(100, [.. lines.Reverse()]).Tokens);
        Assert.Equal(expected, Train(100, [string.Join(' ', lines)]).Tokens);
    }

    // aaaa aaaa: ##a ##a 4 (overlapping occurrences count), a ##a 2; after ##aa: a ##aa 2 and ##aa ##a 2, of which "##aa" comes first.
    [Theory]
    [InlineData("aaaa", new[] { "##aa", "##aaa", "aaaa" })]
    [InlineData("aaa", new[] { "##aa", "aaa" })]
    public void A_letter_repeated_is_merged_from_the_left(string word, string[] merged) =>
        Assert.Equal([.. Special, "a", "##a", .. merged], Train(100, [word, word]).Tokens);

    [Fact]
    public void A_pair_below_the_least_frequency_is_left_alone()
    {
        Assert.DoesNotContain("ab", Train(100, ["ab"]).Tokens);
        Assert.Contains("ab", new TrainerOf(100) { Least = 1 }.Train(["ab"]).Tokens);
    }

    [Fact]
    public void Rare_characters_and_the_words_they_stand_in_are_left_out()
    {
        var trainer = new WordPieceTrainer(100) { AlphabetLimit = 2 };
        foreach (var line in new[] { "ab ab ab", "axb axb" })
            trainer.Read(line);
        var vocabulary = trainer.Train(new Progress<int>(), CancellationToken.None);
        Assert.Equal([.. Special, "a", "b", "##b", "ab"], vocabulary.Tokens);
        Assert.Equal(new VocabularyCoverage(Words: 5, Pieces: 5, UnknownWords: 2), trainer.Coverage(vocabulary));
    }

    [Fact]
    public void Coverage_counts_the_pieces_that_the_tokenizer_makes()
    {
        var trainer = new WordPieceTrainer(18);
        string[] lines = [.. Lines(Hugs), "Hügs, pun. 😀 " + new string('a', 101)];
        foreach (var line in lines)
            trainer.Read(line);
        var vocabulary = Train(18, Lines(Hugs));
        var ids = lines.SelectMany(new WordPiece(vocabulary).Tokenize).ToList();
        var coverage = trainer.Coverage(vocabulary);
        Assert.Equal((36 + 6, ids.Count, ids.Count(id => id == vocabulary.UnknownId)), (coverage.Words, coverage.Pieces, coverage.UnknownWords));
        Assert.Equal(4.0 / 42, coverage.UnknownShare, 12);
    }

    [Fact]
    public void Words_are_those_of_the_tokenizer_folded_alike()
    {
        Assert.Contains("cafe", Train(100, ["Café CAFÉ"]).Tokens);
        Assert.Contains("Café", new TrainerOf(100) { LowerCase = false }.Train(["Café Café"]).Tokens);
        Assert.Contains("😀", Train(100, ["a😀 a😀"]).Tokens.Select(token => token.Replace("##", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_text_without_words_and_a_size_below_the_alphabet_are_refused()
    {
        Assert.Equal(ProblemCode.TokenizerInvalid, Assert.Throws<LabException>(() => Train(100, [" \t"])).Code);
        Assert.Contains("11 characters", Assert.Throws<LabException>(() => Train(10, Lines(Hugs))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordPieceTrainer(5));
    }

    // The definition, without any bookkeeping: count all pairs anew before each merge.
    [Fact]
    public void Merges_equal_those_of_counting_every_pair_anew()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 20; trial++)
        {
            var words = Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(9)).Select(_ => "abc"[random.Next(3)]))).ToArray();
            Assert.Equal(Naively(words, 60), Train(60, words).Tokens);
        }
    }

    private static List<string> Naively(string[] texts, int size)
    {
        var words = texts.Select(text => text.Select((c, i) => i == 0 ? $"{c}" : $"##{c}").ToList()).ToList();
        var tokens = words.SelectMany(word => word).Concat(texts.SelectMany(text => text.Select(c => $"{c}"))).Distinct()
            .OrderBy(piece => piece.StartsWith("##", StringComparison.Ordinal)).ThenBy(piece => piece, StringComparer.Ordinal).ToList();
        while (tokens.Count < size - Special.Length)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.First, StringComparer.Ordinal).ThenBy(group => group.Key.Second, StringComparer.Ordinal).FirstOrDefault();
            if (best is null)
                break;
            var merged = best.Key.First + best.Key.Second[2..];
            if (!tokens.Contains(merged))
                tokens.Add(merged);
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    if ((word[i], word[i + 1]) == best.Key)
                        (word[i], _) = (merged, Remove(word, i + 1));
        }
        return [.. Special, .. tokens];

        static bool Remove(List<string> word, int at)
        {
            word.RemoveAt(at);
            return true;
        }
    }

    private static IEnumerable<string> Lines((string Word, int Count)[] words) => words.SelectMany(entry => Enumerable.Repeat(entry.Word, entry.Count));

    private static Vocabulary Train(int size, IEnumerable<string> lines) => new TrainerOf(size).Train(lines);

    private sealed record TrainerOf(int Size)
    {
        public bool LowerCase { get; init; } = true;

        public int Least { get; init; } = 2;

        public Vocabulary Train(IEnumerable<string> lines)
        {
            var trainer = new WordPieceTrainer(Size, LowerCase) { LeastFrequency = Least };
            foreach (var line in lines)
                trainer.Read(line);
            return trainer.Train(new Progress<int>(), CancellationToken.None);
        }
    }
}
