using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class WordPieceTests
{
    private static readonly Vocabulary Tiny = Vocabulary.Load(Fixture.Path("wordpiece", "vocab.txt"));
    private static readonly WordPiece Uncased = new(Tiny);
    private static readonly WordPiece Cased = new(Tiny, lowerCase: false);

    [Fact]
    public void Ids_equal_those_of_the_reference_implementation()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Fixture.Path("wordpiece", "golden.json")));
        var faults = new List<string>();
        foreach (var item in golden.RootElement.GetProperty("texts").EnumerateArray())
        {
            var text = item.GetProperty("text").GetString()!;
            Compare("uncased", item, Uncased.Tokenize(text));
            Compare("cased", item, Cased.Tokenize(text));
        }
        Assert.Empty(faults);

        void Compare(string kind, JsonElement item, int[] actual)
        {
            var expected = Ids(item.GetProperty(kind));
            if (!expected.AsSpan().SequenceEqual(actual))
                faults.Add($"{kind} {item.GetProperty("text").GetRawText()}: {string.Join(' ', actual)} instead of {string.Join(' ', expected)}");
        }
    }

    [Fact]
    public void Pairs_equal_those_of_the_reference_implementation()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Fixture.Path("wordpiece", "golden.json")));
        foreach (var item in golden.RootElement.GetProperty("pairs").EnumerateArray())
            Assert.Equal(Ids(item.GetProperty("ids")), Uncased.EncodePair(item.GetProperty("first").GetString()!, item.GetProperty("second").GetString()!, 128, Truncation.Refuse).Ids);
    }

    [Theory]
    [InlineData("\U00020000a", "\U00020000 a")] // An ideograph beyond the basic plane stands alone.
    [InlineData("\u0378a", "a")] // Unassigned code points are of category Cn and are cleaned away.
    [InlineData("a\ud800b", "a ##b")] // So are lone surrogates.
    [InlineData("\udc00", "")]
    [InlineData("\U0002F800", "[UNK]")] // Folds to U+4E3D, which the vocabulary lacks.
    public void Odd_characters_follow_the_rules_of_the_Python_original(string text, string expected)
    {
        var tokens = Uncased.Tokenize(text).Select(id => Tiny.Tokens[id]);
        Assert.Equal(expected, string.Join(' ', tokens));
    }

    [Fact]
    public void A_pair_is_wrapped_in_special_tokens_and_knows_its_first_segment()
    {
        var encoding = Uncased.EncodePair("the lawyer", "saw", 128, Truncation.Refuse);
        Assert.Equal("[CLS] the lawyer [SEP] saw [SEP]", Text(encoding));
        Assert.Equal(4, encoding.FirstSegmentLength);
        Assert.Equal(0, encoding.TruncatedTokens);
    }

    [Fact]
    public void A_single_text_has_one_separator_and_an_empty_second_text_has_two()
    {
        Assert.Equal("[CLS] the [SEP]", Text(Uncased.EncodePair("the", null, 3, Truncation.Refuse)));
        Assert.Equal("[CLS] the [SEP] [SEP]", Text(Uncased.EncodePair("the", "", 4, Truncation.Refuse)));
    }

    [Fact]
    public void A_pair_over_the_limit_is_refused_with_its_length_and_the_limit()
    {
        var refusal = Assert.Throws<LabException>(() => Uncased.EncodePair("a b c", "1 2 3", 8, Truncation.Refuse));
        Assert.Equal(ProblemCode.InputTooLong, refusal.Code);
        Assert.Contains("9 tokens", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("limit is 8", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(9, Uncased.EncodePair("a b c", "1 2 3", 9, Truncation.Refuse).Length);
    }

    [Fact]
    public void Truncation_cuts_one_token_at_a_time_from_the_longer_text_and_from_the_second_when_equal()
    {
        for (var first = 0; first < 9; first++)
            for (var second = 0; second < 9; second++)
                for (var limit = 3; limit < 20; limit++)
                {
                    var (a, b) = (first, second);
                    while (a + b + 3 > limit)
                        (a, b) = a > b ? (a - 1, b) : (a, b - 1);
                    var encoding = Uncased.EncodePair(Repeat("a", first), Repeat("b", second), limit, Truncation.LongestFirst);
                    Assert.Equal($"[CLS] {Repeat("a ", a)}[SEP] {Repeat("b ", b)}[SEP]".Replace("  ", " ", StringComparison.Ordinal), Text(encoding));
                    Assert.Equal(first + second - a - b, encoding.TruncatedTokens);
                }
    }

    [Fact]
    public void A_single_text_is_truncated_at_its_end()
    {
        var encoding = Uncased.EncodePair("a b c d", null, 4, Truncation.LongestFirst);
        Assert.Equal("[CLS] a b [SEP]", Text(encoding));
        Assert.Equal(2, encoding.TruncatedTokens);
    }

    [Fact]
    public void Long_texts_are_tokenized_whole() => Assert.Equal(5000, Uncased.Tokenize(Repeat("the ", 5000)).Length);

    [Fact]
    public void Any_text_at_all_is_tokenized_into_known_ids()
    {
        var random = new Lab.Statistics.SplitMix64(7);
        for (var round = 0; round < 2000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x250 : 0x10000))]);
            Assert.All(Uncased.Tokenize(text).Concat(Cased.Tokenize(text)), id => Assert.InRange(id, 0, Tiny.Count - 1));
        }
    }

    [DataFact]
    public void Known_ids_of_the_published_vocabulary_are_met()
    {
        var vocabulary = Vocabulary.Load(new Lab.Data.DatasetFolders([.. Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")!.Split(Path.PathSeparator)])
            .Find("the BERT vocabulary", "vocab/bert-base-uncased-vocab.txt"));
        Assert.Equal(30522, vocabulary.Count);
        Assert.Equal([0, 100, 101, 102, 103], [vocabulary.PadId, vocabulary.UnknownId, vocabulary.ClsId, vocabulary.SepId, vocabulary.MaskId]);
        var encoding = new WordPiece(vocabulary).EncodePair("Hello, world!", "Hello, my dog is cute", 128, Truncation.Refuse);
        Assert.Equal([101, 7592, 1010, 2088, 999, 102, 7592, 1010, 2026, 3899, 2003, 10140, 102], encoding.Ids);
    }

    private static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];

    private static string Text(Encoding encoding) => string.Join(' ', encoding.Ids.Select(id => Tiny.Tokens[id]));

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part.Length == 1 ? part + " " : part, times));
}
