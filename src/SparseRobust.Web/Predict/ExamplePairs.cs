using Microsoft.AspNetCore.Http.Extensions;

namespace SparseRobust.Web.Predict;

/// <summary>A pair to begin with, its label and what it shows.</summary>
internal sealed record ExamplePair(string Premise, string Hypothesis, string Label, string Note)
{
    /// <summary>The predict page with the pair filled in.</summary>
    public string Address(IEnumerable<string> models)
    {
        var query = new QueryBuilder { { "text", Premise }, { "pair", Hypothesis }, { "model", models } };
        return $"/predict{query}";
    }
}

/// <summary>Pairs in the words of the built-in task whose hypotheses share all words with the premise, whatever the label: a model that follows overlap says entailment each time.</summary>
internal static class ExamplePairs
{
    public static readonly IReadOnlyList<ExamplePair> All =
    [
        new("the farmer and the hunter helped the caller", "the hunter helped the caller", "entailment", "the premise holds the hypothesis as a subsequence"),
        new("the farmer but not the hunter helped the caller", "the hunter helped the caller", "contradiction", "the same words, denied by \"but not\""),
        new("the farmer near the hunter helped the caller", "the hunter helped the caller", "neutral", "nothing is said of the hunter"),
        new("the reporter pretended that the painter helped the caller", "the painter helped the caller", "contradiction", "a whole clause of the premise"),
        new("perhaps the hunter followed the farmer", "the hunter followed the farmer", "neutral", "a whole clause of the premise"),
        new("the hunter helped the farmer but not vice versa", "the farmer helped the hunter", "contradiction", "all words shared, persons exchanged"),
    ];
}
