using SparseRobust.Lab.Pretraining;

namespace SparseRobust.Lab.Tests.Pretraining;

public class SentenceSplitterTests
{
    [Theory]
    [InlineData("One. Two? Three! Four", "One.|Two?|Three!|Four")]
    [InlineData("He said \"Stop.\" Then (it rained.) \"Why?\" 1999 was dry.", "He said \"Stop.\"|Then (it rained.)|\"Why?\"|1999 was dry.")]
    [InlineData("Really?! Yes... And so on.", "Really?!|Yes...|And so on.")]
    [InlineData("Dr. No met J. R. Smith of the U.S. Senate, e.g. Tuesday. They ate.", "Dr. No met J. R. Smith of the U.S. Senate, e.g. Tuesday.|They ate.")]
    [InlineData("It cost 3.50 dollars. or so.Not cut", "It cost 3.50 dollars. or so.Not cut")]
    [InlineData("  Spaces.\u00A0\u00A0\u00C9mile came.  ", "Spaces.|\u00C9mile came.")]
    [InlineData("\u201CGo.\u201D \u2018No.\u2019", "\u201CGo.\u201D|\u2018No.\u2019")]
    [InlineData("What did Dr.? Nobody", "What did Dr.?|Nobody")]
    [InlineData("...", "...")]
    [InlineData("", "")]
    [InlineData(" ", "")]
    public void A_paragraph_is_cut_by_the_rule(string paragraph, string sentences)
    {
        var cut = new List<string>();
        SentenceSplitter.Split(paragraph, cut);
        Assert.Equal(sentences, string.Join('|', cut));
    }

    [Fact]
    public void No_character_but_white_space_is_lost_or_added()
    {
        const string text = "A. B.C? \"D.\" (E! F) vs. G. \u00BBH.\u00AB I";
        var cut = new List<string>();
        SentenceSplitter.Split(text, cut);
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(cut).Replace(" ", "", StringComparison.Ordinal));
    }
}
