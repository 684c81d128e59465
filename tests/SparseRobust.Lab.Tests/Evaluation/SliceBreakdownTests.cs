using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public class SliceBreakdownTests
{
    private static readonly Example[] Rows =
    [
        Row("The dog saw a cat .", "A cat saw the dog .", "heuristic", "lexical_overlap", "subcase", "ln_subject"),
        Row("It rained .", "Rain fell , it seems .", "genre", "fiction"),
        Row("It rained .", "Nothing shared", "genre", "fiction"),
        Row("One two three", "three four five six", "genre", "travel"),
    ];

    [Fact]
    public void Every_named_slice_but_the_heuristic_has_its_accuracy_and_the_quartiles_of_overlap_and_length_have_theirs()
    {
        // Overlaps 1, 2/6 ("it" and the full stop), 0, 1/4: bounds 0, 1/4, 1/3. Words 12, 9, 5, 7: bounds 5, 7, 9.
        var slices = SliceBreakdown.Slices(new Dataset("d", "dev", LabelSet.TwoWayNli, Rows, "sha"), [true, true, false, true]);
        (string, double, int)[] expected =
        [
            ("genre=fiction", 0.5, 2), ("genre=travel", 1, 1),
            ("length_quartile=q1_5_to_5_words", 0, 1), ("length_quartile=q2_7_to_7_words", 1, 1), ("length_quartile=q3_9_to_9_words", 1, 1), ("length_quartile=q4_12_to_12_words", 1, 1),
            ("overlap_quartile=q1_0_to_0", 0, 1), ("overlap_quartile=q2_0.25_to_0.25", 1, 1), ("overlap_quartile=q3_0.333_to_0.333", 1, 1), ("overlap_quartile=q4_1_to_1", 1, 1),
            ("subcase=ln_subject", 1, 1),
        ];
        Assert.Equal(expected, slices);
    }

    [Fact]
    public void Single_texts_have_a_length_and_no_overlap() =>
        Assert.Equal(
            [("length_quartile=q1_2_to_2_words", 1.0, 1), ("length_quartile=q3_3_to_3_words", 1.0, 1)],
            SliceBreakdown.Slices(new Dataset("d", "dev", LabelSet.TwoWayNli, [new Example("0", " two  words ", null, 0), new Example("1", "three\tof them", null, 0)], "sha"), [true, true]));

    [Fact]
    public void A_full_score_adds_slices_after_what_is_watched_during_training()
    {
        var set = EvaluationSet.SameLabels(new Dataset("d", "dev", LabelSet.TwoWayNli, Rows, "sha"));
        var predictions = new Predictions([0, 1, 1, 0, 0, 1, 1, 0], 2);
        var (watched, full) = (Evaluator.Score(set, predictions, sampled: false), Evaluator.ScoreInFull(set, predictions));
        Assert.Equal(watched, full.Take(watched.Count));
        Assert.Equal(11, full.Count - watched.Count);
        Assert.Equal(full.Count, full.Select(score => (score.Slice, score.Metric)).Distinct().Count());
    }

    private static Example Row(string first, string second, params string[] slices) =>
        new(first, first, second, 0) { Slices = slices.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]) };
}
