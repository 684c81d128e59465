using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class ShortcutNliOracleTests
{
    private const int Contradiction = 0, Entailment = 1, Neutral = 2;

    [Theory]
    [InlineData("the painter knew that the helper called the farmer", "the helper called the farmer", Entailment)]
    [InlineData("the painter believed that the helper called the farmer", "the helper called the farmer", Neutral)]
    [InlineData("the painter lied that the helper called the farmer", "the helper called the farmer", Contradiction)]
    [InlineData("the painter lied that the helper never called the farmer", "the helper called the farmer", Entailment)]
    [InlineData("perhaps the helper called the farmer", "in fact the helper called the farmer", Neutral)]
    [InlineData("it is a myth that the helper called the farmer", "the farmer was never called by the helper", Entailment)]
    [InlineData("the painter near the helper called the farmer", "the helper called the farmer", Neutral)]
    [InlineData("the painter near the helper called the farmer", "the painter called the farmer", Entailment)]
    [InlineData("the painter and the helper called the farmer", "the helper called the farmer", Entailment)]
    [InlineData("the painter but not the helper called the farmer", "the helper called the farmer", Contradiction)]
    [InlineData("the helper called the farmer and vice versa", "the farmer called the helper", Entailment)]
    [InlineData("the helper called the farmer by chance", "the farmer called the helper", Neutral)]
    [InlineData("the helper called the farmer but not vice versa", "the farmer called the helper", Contradiction)]
    [InlineData("the helper was called by the farmer", "the farmer called the helper", Entailment)]
    [InlineData("the helper was called by the farmer", "the helper called the farmer", Neutral)]
    [InlineData("the helper called the farmer", "surely the helper never called the farmer", Contradiction)]
    [InlineData("the helper called the farmer", "the painter called the farmer", Neutral)]
    public void Label_follows_from_the_two_texts(string premise, string hypothesis, int label) =>
        Assert.Equal(label, ShortcutNliOracle.Label(premise, hypothesis));

    [Theory]
    [InlineData("the painter knew", "the helper called the farmer")]
    [InlineData("the painter called the farmer yesterday", "the helper called the farmer")]
    [InlineData("the painter called the farmer", "")]
    [InlineData("the painter called the farmer", "the helper was called the farmer")]
    public void Text_outside_the_grammar_is_refused(string premise, string hypothesis) =>
        Assert.Throws<FormatException>(() => ShortcutNliOracle.Label(premise, hypothesis));
}
