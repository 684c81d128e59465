using SparseRobust.Lab.Bias;

namespace SparseRobust.Lab.Tests.Bias;

public class BiasTokenizerTests
{
    private static readonly System.Text.Json.JsonElement Golden = GoldenFile.Read("bias", "treebank.json");

    public static IEnumerable<object[]> Rows => Golden.GetProperty("rows").EnumerateArray().Select(row => new object[]
    {
        row.GetProperty("text").GetString()!, Strings(row.GetProperty("treebank")), Strings(row.GetProperty("split")),
    });

    [Theory, MemberData(nameof(Rows))]
    public void Words_of_a_sentence_are_those_of_nltk(string text, string[] treebank, string[] split)
    {
        Assert.Equal(treebank, TreebankWords.Of(text));
        if (BiasTokenizer.Sentences(text).Count() < 2)
            Assert.Equal(split, BiasTokenizer.Words(text.Trim()));
    }

    [Theory]
    [InlineData("She ran. He slept.", "She ran .|He slept .")]
    [InlineData("Mr. Smith met Dr. A. Jones in the U.S. Senate.", "Mr. Smith met Dr. A. Jones in the U.S. Senate .")]
    [InlineData("It fell. (It broke.) Then nothing.", "It fell .|( It broke . )|Then nothing .")]
    [InlineData("It weighs 3.5 kg. and no more.", "It weighs 3.5 kg. and no more .")]
    [InlineData("He said \"no.\" Then he left.", "He said `` no . ''|Then he left .")]
    public void Full_stops_stand_apart_at_the_end_of_each_sentence(string text, string expected)
    {
        var sentences = BiasTokenizer.Sentences(text).Select(sentence => string.Join(' ', TreebankWords.Of(sentence)));
        Assert.Equal(expected.Split('|'), sentences);
        Assert.Equal(expected.Replace('|', ' '), string.Join(' ', BiasTokenizer.Words(text)));
    }

    [Fact]
    public void Set_features_see_lower_case_and_vectors_the_original()
    {
        Assert.Equal(["the", "cat", "did", "n't", "."], BiasTokenizer.LowerCased("The CAT didn't."));
        Assert.Equal(["The", "CAT", "did", "n't", "."], BiasTokenizer.Words("The CAT didn't."));
    }

    [Fact]
    public void Words_split_at_dashes_and_symbols_but_not_at_apostrophes_stops_and_commas() =>
        Assert.Equal(["a", "-", "b", "/", "c", "_", "d", "\U0001F600", "e", "1,000", "3.5", "o'neil"], BiasTokenizer.Words("a-b/c_d\U0001F600e 1,000 3.5 o'neil"));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void Blank_text_has_no_words(string text) => Assert.Empty(BiasTokenizer.Words(text));

    private static string[] Strings(System.Text.Json.JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetString()!)];
}
