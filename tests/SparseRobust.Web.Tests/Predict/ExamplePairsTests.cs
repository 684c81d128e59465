using SparseRobust.Lab.Data;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Predict;

public sealed class ExamplePairsTests
{
    public static IEnumerable<object[]> Pairs => ExamplePairs.All.Select(pair => new object[] { pair.Premise, pair.Hypothesis, pair.Label });

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_label_shown_is_the_tasks_own_and_all_words_are_shared(string premise, string hypothesis, string label)
    {
        Assert.Equal(label, LabelSet.ThreeWayNli.Names[ShortcutNliOracle.Label(premise, hypothesis)]);
        Assert.True(OverlapOnlyBaseline.HasHighOverlap(premise, hypothesis));
    }
}
