using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class ByteLevelBpeTests
{
    private static readonly ByteLevelBpe Tiny = TinyBpe.Create();

    [Theory]
    [InlineData("the lawyer's", "t he Ġlawyer 's")]
    [InlineData("lawyer the", "lawyer Ġthe")]
    [InlineData(" the  lawyer", "Ġthe Ġ Ġlawyer")]
    [InlineData("lawyer'S 's", "lawyer ' S Ġ ' s")] // Contractions are lower-case, and none after a space.
    [InlineData("é", "Ã©")]
    [InlineData("aaaa aaa", "aaaa Ġ aa a")]
    [InlineData("\n\n\nx", "ĊĊ Ċ x")] // White space leaves its last character to the word.
    [InlineData("12345", "12 3 4 5")]
    [InlineData("12a", "12 a")]
    [InlineData("  ", "ĠĠ")]
    [InlineData("", "")]
    [InlineData("<s></s><mask>", "< s > < / s > < m a s k >")] // Special tokens written out are text.
    public void Pieces_are_as_computed_by_hand(string text, string expected) => Assert.Equal(expected, TinyBpe.Text(Tiny, Tiny.Tokenize(text)));

    [Fact]
    public void The_characters_of_bytes_are_those_of_GPT_2()
    {
        int[] bytes = ['!', '~', 0xA1, 0xAC, 0xAE, 0xFF, 0, '\n', ' ', 0x7F, 0xAD];
        Assert.Equal("!~\u00a1\u00ac\u00ae\u00ff\u0100\u010a\u0120\u0121\u0143", string.Concat(bytes.Select(Of)));
        Assert.Equal(256, Enumerable.Range(0, 256).Select(Of).Distinct().Count());

        static char Of(int value) => ByteAlphabet.Symbol(value);
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character() =>
        Assert.Equal(Tiny.Tokenize("a\uFFFDb"), Tiny.Tokenize("a\ud800b"));

    [Fact]
    public void A_space_is_put_before_a_text_that_has_none_when_asked_for()
    {
        var tokenizer = TinyBpe.Create(addPrefixSpace: true);
        Assert.Equal("Ġthe", TinyBpe.Text(tokenizer, tokenizer.Tokenize("the")));
        Assert.Equal("Ġthe", TinyBpe.Text(tokenizer, tokenizer.Tokenize(" the")));
        Assert.Equal("Ġ Ċ x", TinyBpe.Text(tokenizer, tokenizer.Tokenize("\nx")));
        Assert.Empty(tokenizer.Tokenize(""));
    }

    [Fact]
    public void A_pair_has_two_separators_between_and_one_token_type()
    {
        var pair = Tiny.EncodePair("the", "lawyer", 128, Truncation.Refuse);
        Assert.Equal("<s> t he </s> </s> lawyer </s>", TinyBpe.Text(Tiny, pair.Ids));
        Assert.Equal((pair.Length, 0), (pair.FirstSegmentLength, pair.TruncatedTokens));
        Assert.Equal("<s> t he </s>", TinyBpe.Text(Tiny, Tiny.EncodePair("the", null, 4, Truncation.Refuse).Ids));
        Assert.Equal("<s> t </s> </s> lawyer </s>", TinyBpe.Text(Tiny, Tiny.EncodePair("the", "lawyer", 6, Truncation.LongestFirst).Ids));
        Assert.Equal("<s> he </s> </s> lawyer </s>", TinyBpe.Text(Tiny, Tiny.Encode("the", "lawyer", 6, Truncation.LongestFirst, keepEnds: true).Ids));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiny.EncodePair("a", "b", 3, Truncation.LongestFirst));
    }

    // .NET's own regular expressions see UTF-16 units, so the texts have no surrogates; their \s is White_Space.
    [Fact]
    public void Words_are_those_of_the_pattern()
    {
        var pattern = new Regex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);
        const string Alphabet = "  \t\n\r\u000b\u0085\u00a0\u3000\u2028''''sstrevmldaé中א12٣Ⅷ½.,!-\u0301\u200d\ufeff\u0378\0_";
        for (var round = 0; round < 20_000; round++)
        {
            var random = SplitMix64.From(3, round);
            var text = new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            var words = new List<string>();
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = Gpt2Words.EndOf(text, start);
                words.Add(text[start..end]);
            }
            Assert.Equal(pattern.Matches(text).Select(match => match.Value), words);
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)] // Longer than what is searched: by the queue.
    public void Merges_equal_those_of_taking_the_lowest_rank_anew_each_time(int longest)
    {
        for (var round = 0; round < 300; round++)
        {
            var random = SplitMix64.From(11, round);
            var merges = RandomMerges(random);
            var tokenizer = new ByteLevelBpe(TinyBpe.Tokens(merges), merges, SpecialTokens.Roberta);
            var word = new string([.. Enumerable.Range(0, random.Next(longest)).Select(_ => "abc"[random.Next(3)])]);
            Assert.Equal(string.Join(' ', Naively(word, merges)), TinyBpe.Text(tokenizer, tokenizer.Tokenize(word)));
        }
    }

    [Fact]
    public void A_very_long_word_is_tokenised_in_no_more_than_the_time_of_sorting()
    {
        var ids = Tiny.Tokenize(new string('a', 1_000_000));
        Assert.Equal(250_000, ids.Length);
        Assert.All(ids, id => Assert.Equal("aaaa", Tiny.Tokens[id]));
    }

    [Fact]
    public void Offsets_point_at_the_text_of_each_token()
    {
        const string Text = " the é😀x\n 12";
        var tokens = Tiny.TokenizeWithOffsets(Text);
        Assert.Equal(Tiny.Tokenize(Text), tokens.Ids);
        Assert.Equal("Ġthe Ġ Ã© ðŁĺ Ģ x Ċ Ġ 12", TinyBpe.Text(Tiny, tokens.Ids));
        Assert.Equal([(1, 4), (4, 5), (5, 6), (6, 8), (6, 8), (8, 9), (9, 10), (10, 11), (11, 13)], tokens.Offsets.Select(range => (range.Start, range.End)));
        var prefixed = TinyBpe.Create(addPrefixSpace: true).TokenizeWithOffsets("\nthe");
        Assert.Equal([(0, 0), (0, 1), (1, 2), (2, 4)], prefixed.Offsets.Select(range => (range.Start, range.End)));
        Assert.Equal([(0, 1), (0, 1), (0, 1)], Tiny.TokenizeWithOffsets("\ud800").Offsets.Select(range => (range.Start, range.End)));
    }

    [Fact]
    public void Ids_are_the_same_from_many_threads_and_from_the_cache()
    {
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => $"the lawyer{i}'s aaa{new string('a', i % 60)} é😀 {i}")];
        var alone = texts.Select(TinyBpe.Create().Tokenize).ToArray();
        var shared = TinyBpe.Create();
        Parallel.For(0, 4, _ => Assert.Equal(alone, texts.Select(shared.Tokenize)));
    }

    [Fact]
    public void What_ids_depend_on_is_in_the_hash()
    {
        var tokens = TinyBpe.Tokens(TinyBpe.Merges);
        string[] hashes =
        [
            Tiny.Sha256, TinyBpe.Create(addPrefixSpace: true).Sha256, new ByteLevelBpe(tokens, TinyBpe.Merges[..^1], SpecialTokens.Roberta).Sha256,
            new ByteLevelBpe(tokens, TinyBpe.Merges, SpecialTokens.Roberta with { Pad = "</s>" }).Sha256, new ByteLevelBpe([.. tokens, "more"], TinyBpe.Merges, SpecialTokens.Roberta).Sha256,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(Tiny.Sha256, TinyBpe.Create().Sha256);
    }

    [Fact]
    public void A_vocabulary_that_cannot_work_is_refused_with_what_is_wrong()
    {
        var tokens = TinyBpe.Tokens(TinyBpe.Merges);
        Refused("\"law\", which merge", [.. tokens.Where(token => token != "law")], TinyBpe.Merges);
        Refused("\"a\" for the byte 97", [.. tokens.Where(token => token != "a")], []);
        Refused("\"<mask>\"", [.. tokens.Where(token => token != "<mask>")], TinyBpe.Merges);
        Refused("\"x\" twice", [.. tokens, "x"], TinyBpe.Merges);
        Refused("an empty token", [.. tokens, ""], TinyBpe.Merges);
        Refused("\"h\" + \"e\" twice", tokens, [.. TinyBpe.Merges, ("h", "e")]);

        static void Refused(string named, string[] tokens, (string, string)[] merges)
        {
            var refusal = Assert.Throws<LabException>(() => new ByteLevelBpe(tokens, merges, SpecialTokens.Roberta));
            Assert.Equal(ProblemCode.TokenizerInvalid, refusal.Code);
            Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static (string Left, string Right)[] RandomMerges(SplitMix64 random)
    {
        var pieces = new List<string> { "a", "b", "c" };
        var merges = new List<(string Left, string Right)>();
        for (var i = 0; i < 12; i++)
        {
            var merge = (pieces[random.Next(pieces.Count)], pieces[random.Next(pieces.Count)]);
            if (merges.Contains(merge))
                continue;
            merges.Add(merge);
            if (!pieces.Contains(merge.Item1 + merge.Item2))
                pieces.Add(merge.Item1 + merge.Item2);
        }
        return [.. merges];
    }

    private static List<string> Naively(string word, (string Left, string Right)[] merges)
    {
        var pieces = word.Select(unit => $"{unit}").ToList();
        while (true)
        {
            var (rank, at) = Enumerable.Range(0, Math.Max(0, pieces.Count - 1)).Select(i => (Rank: Array.IndexOf(merges, (pieces[i], pieces[i + 1])), At: i)).Where(pair => pair.Rank >= 0).DefaultIfEmpty((-1, 0)).Min();
            if (rank < 0)
                return pieces;
            pieces[at] += pieces[at + 1];
            pieces.RemoveAt(at + 1);
        }
    }
}
