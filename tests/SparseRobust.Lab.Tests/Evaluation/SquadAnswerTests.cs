using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Evaluation;

public class SquadAnswerTests
{
    [Fact]
    public void Normalisation_exact_match_and_F1_are_those_of_the_official_script()
    {
        foreach (var golden in GoldenFile.Read("metrics", "squad.json").GetProperty("cases").EnumerateArray())
        {
            var prediction = golden.GetProperty("prediction").GetString()!;
            string[] answers = [.. golden.GetProperty("answers").EnumerateArray().Select(answer => answer.GetString()!)];
            Assert.Equal(golden.GetProperty("normalized").GetString(), SquadAnswer.Normalize(prediction));
            Assert.Equal((prediction, golden.GetProperty("exact_match").GetBoolean()), (prediction, SquadAnswer.ExactMatch(prediction, answers)));
            Assert.Equal(golden.GetProperty("f1").GetDouble(), SquadAnswer.F1(prediction, answers), 1e-12);
        }
    }

    [Fact]
    public void Shared_words_count_as_often_as_both_have_them()
    {
        // Shared: cat, cat; precision 2/3, recall 2/4.
        Assert.Equal(4 / 7.0, SquadAnswer.F1("cat cat cat", ["cat cat dog bird"]));
    }

    [Fact]
    public void Nothing_matches_nothing_exactly_but_shares_no_word() => Assert.Equal((true, 0), (SquadAnswer.ExactMatch("The", [""]), SquadAnswer.F1("The", [""])));

    [Fact]
    public void The_mean_is_over_questions()
    {
        // F1 of the second: one word shared of one and of three.
        Assert.Equal((0.5, 0.75), SquadAnswer.Mean(["The cat", "dog"], [["dog", "cat"], ["big dog dog"]]));
        Assert.Null(SquadAnswer.Mean([], []));
    }

    [Fact]
    public void A_question_without_answer_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SquadAnswer.F1("x", []));
        Assert.Throws<ArgumentException>(() => SquadAnswer.ExactMatch("x", []));
        Assert.Throws<ArgumentException>(() => SquadAnswer.Mean(["x"], []));
    }
}
