using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class ShortcutNliTests
{
    private static readonly ShortcutNliTask Small = new() { TrainRows = 3001, EvaluationRows = 1000 };

    private static readonly TaskData Default = Generate(new ShortcutNliTask());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Oracle_agrees_with_the_label_of_every_row(int seed)
    {
        foreach (var split in Splits(Generate(Small with { GeneratorSeed = seed })))
            Assert.All(split.Examples, row => Assert.Equal(row.Label, ShortcutNliOracle.Label(row.FirstText, row.SecondText!)));
    }

    [Fact]
    public void Default_sizes_and_names_are_the_documented_ones()
    {
        Assert.Equal([("train", 20_000), ("dev", 2_000), ("ood", 2_000), ("ood-reversed", 2_000)], Splits(Default).Select(split => (split.Split, split.Examples.Count)));
        Assert.All(Splits(Default), split => Assert.Equal("shortcut-nli", split.Name));
        Assert.All(Splits(Default), split => Assert.Equal(LabelSet.ThreeWayNli, split.Labels));
    }

    [Theory]
    [InlineData(0.9, new[] { 900, 300, 167, 33 })]
    [InlineData(1.0, new[] { 1000, 333, 167, 0 })]
    [InlineData(0.34, new[] { 340, 113, 167, 220 })]
    public void Entailed_rows_of_high_overlap_meet_the_quota_exactly(double strength, int[] expected)
    {
        // 1,000 rows: 334 contradictions, 333 entailments, 333 neutral. 3,001 train rows: 1,000 entailments.
        var data = Generate(Small with { Strength = strength });
        var high = Splits(data).Select(split => Count(split, label: 1, overlap: "high")).ToList();
        Assert.Equal(expected, high);
    }

    [Fact]
    public void Every_cell_of_label_and_overlap_meets_its_quota()
    {
        double[] strengths = [0.9, 0.9, 0.5, 0.1];
        foreach (var (split, strength) in Splits(Default).Zip(strengths))
        {
            for (var label = 0; label < 3; label++)
            {
                var rows = ShortcutNli.LabelQuota(split.Examples.Count, label);
                var high = ShortcutNli.HighOverlapQuota(rows, label == 1, strength);
                Assert.Equal(rows, split.LabelCounts()[label]);
                Assert.Equal(high, Count(split, label, "high"));
                Assert.Equal(rows - high, Count(split, label, "low"));
            }
        }
    }

    [Fact]
    public void Heuristics_share_every_cell_evenly()
    {
        foreach (var split in Splits(Default))
        {
            foreach (var cell in split.Examples.GroupBy(row => (row.Label, row.Slices["overlap"])))
            {
                var counts = ShortcutGrammar.Heuristics.Select(heuristic => cell.Count(row => row.Slices["heuristic"] == heuristic)).ToList();
                Assert.InRange(counts.Max() - counts.Min(), 0, 1);
                Assert.True(counts.Min() > 0);
            }
        }
    }

    [Fact]
    public void Overlap_slice_says_whether_the_hypothesis_words_occur_in_the_premise()
    {
        foreach (var row in Splits(Default).SelectMany(split => split.Examples))
        {
            var contained = row.SecondText!.Split(' ').ToHashSet().IsSubsetOf(row.FirstText.Split(' '));
            Assert.Equal(contained ? "high" : "low", row.Slices["overlap"]);
        }
    }

    [Fact]
    public void Every_subcase_of_a_cue_has_all_three_labels_at_high_overlap()
    {
        string[] cued = ["opener", "frame", "link_second", "tail_swapped"];
        foreach (var subcase in cued)
        {
            var labels = Default.OutOfDistribution[0].Dataset.Examples.Where(row => row.Slices["subcase"] == subcase && row.Slices["overlap"] == "high");
            Assert.Equal([0, 1, 2], labels.Select(row => row.Label).Distinct().Order());
        }
    }

    [Theory]
    [InlineData("never")]
    [InlineData("by")]
    [InlineData("indeed")]
    [InlineData("fact")]
    public void Hypothesis_word_says_little_about_the_label_once_overlap_is_known(string word)
    {
        foreach (var level in Default.Train.Examples.GroupBy(row => row.Slices["overlap"]))
        {
            var shares = level.GroupBy(row => row.Label).Select(rows => rows.Average(row => row.SecondText!.Split(' ').Contains(word) ? 1.0 : 0.0)).ToList();
            Assert.InRange(shares.Max() - shares.Min(), 0, 0.15);
        }
    }

    [Fact]
    public void Nouns_and_verbs_of_the_evaluation_splits_are_unseen_in_training()
    {
        var training = Words(Default.Train);
        var open = ShortcutLexicon.Nouns(training: false).Concat(ShortcutLexicon.Verbs(training: false)).ToList();
        Assert.Empty(open.Intersect(training));
        foreach (var split in Splits(Default).Skip(1))
            Assert.Empty(Words(split).Except(open).Except(ShortcutLexicon.ClosedClassWords));
    }

    [Fact]
    public void Every_closed_class_word_of_the_evaluation_splits_is_seen_in_training()
    {
        var training = Words(Default.Train);
        Assert.Empty(ShortcutLexicon.ClosedClassWords.Except(training));
    }

    [Fact]
    public void No_pair_occurs_twice()
    {
        var pairs = Splits(Default).SelectMany(split => split.Examples).Select(row => (row.FirstText, row.SecondText)).ToList();
        Assert.Equal(pairs.Count, pairs.Distinct().Count());
    }

    [Fact]
    public void Pairs_are_short()
    {
        var longest = Splits(Default).SelectMany(split => split.Examples).Max(row => $"{row.FirstText} {row.SecondText}".Split(' ').Length);
        Assert.InRange(longest, 12, 32);
    }

    private static int Count(Dataset split, int label, string overlap) => split.Examples.Count(row => row.Label == label && row.Slices["overlap"] == overlap);

    private static HashSet<string> Words(Dataset split) => [.. split.Examples.SelectMany(row => $"{row.FirstText} {row.SecondText}".Split(' '))];

    private static List<Dataset> Splits(TaskData data) => [data.Train, data.Dev, .. data.OutOfDistribution.Select(set => set.Dataset)];

    private static TaskData Generate(ShortcutNliTask task) => new ShortcutNli(task).Generate(CancellationToken.None);
}
