using SparseRobust.Lab.Errors;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class AnswerSearchTests
{
    private const float No = float.NegativeInfinity;

    // [CLS] q q [SEP] z ##o ##e ( a ) b [SEP]
    private const string Context = "Zoë  (a) b";

    [Fact]
    public void The_answer_is_the_text_between_the_best_tokens_as_it_stands_in_the_context()
    {
        var answer = Search(Context, new(), [(0, 0), (0, 0), (0, 0), (0, 0), (3, 0), (0, 0), (0, 1), (0, 0), (0, 0), (0, 4), (0, 0), (0, 0)]);
        Assert.Equal("Zoë  (a)", answer.Text);
        Assert.Equal(new AnswerCandidate("Zoë  (a)", new TextRange(0, 8), 3, 4, answer.Candidates[0].Probability), answer.Candidates[0]);
        Assert.Equal(("q", 20, null), (answer.Id, answer.Candidates.Count, answer.NullScoreDifference));
    }

    [Fact]
    public void Probabilities_are_the_softmax_over_the_n_best()
    {
        // b alone 2, (a) b 1, a) b 0 and nothing else.
        var answer = Search(Context, new(), Only(12, (7, 1, No), (8, 0, No), (10, 2, 0)));
        var total = Math.Exp(2) + Math.E + 1;
        Assert.Equal(["b", "(a) b", "a) b"], answer.Candidates.Select(candidate => candidate.Text));
        Assert.Equal([Math.Exp(2) / total, Math.E / total, 1 / total], answer.Candidates.Select(candidate => candidate.Probability), (a, b) => Math.Abs(a - b) < 1e-15);
        var best = Search(Context, new AnswerSettings { NBest = 2 }, Only(12, (7, 1, No), (8, 0, No), (10, 2, 0)));
        Assert.Equal(["b", "(a) b"], best.Candidates.Select(candidate => candidate.Text));
        Assert.Equal(1, best.Candidates.Sum(candidate => candidate.Probability), 15);
    }

    [Fact]
    public void An_answer_lies_in_the_context_and_does_not_end_before_it_begins()
    {
        var logits = Only(12, (0, 9, 9), (1, 9, 9), (3, 9, 9), (11, 9, 9), (9, 1, No), (7, No, 5), (8, 0, No), (10, No, 0));
        Assert.Equal([") b", "a) b"], Search(Context, new(), logits).Candidates.Select(candidate => candidate.Text));
    }

    [Theory]
    [InlineData(7, "Zoë  (a) b")]
    [InlineData(6, "(a) b")]
    [InlineData(1, "")]
    public void An_answer_has_no_more_tokens_than_it_may(int most, string expected) =>
        Assert.Equal(expected, Search(Context, new AnswerSettings { MaxAnswerLength = most }, Only(12, (4, 2, No), (7, 1, No), (10, No, 0))).Text);

    [Fact]
    public void Equal_scores_go_to_the_earlier_and_then_to_the_shorter_span()
    {
        var answer = Search("a b c", new AnswerSettings { NBest = 5 }, Only(8, (4, 0, 0), (5, 0, 0), (6, 0, 0)));
        Assert.Equal(["a", "a b", "a b c", "b", "b c"], answer.Candidates.Select(candidate => candidate.Text));
    }

    [Fact]
    public void The_same_text_at_two_places_is_one_candidate_where_it_is_better()
    {
        var answer = Search("a b a", new AnswerSettings { MaxAnswerLength = 1 }, Only(8, (4, 1, 0), (5, 0, 0), (6, 2, 0)));
        Assert.Equal([("a", new TextRange(4, 5)), ("b", new TextRange(2, 3))], answer.Candidates.Select(candidate => (candidate.Text, candidate.Offsets!.Value)));
    }

    [Fact]
    public void A_span_counts_only_in_the_window_that_shows_most_context_around_its_first_token()
    {
        // a b c d | c d e f: c begins a span in the first window only, d in the second only.
        var question = Letters.About("a b c d e f");
        var search = new AnswerSearch(question, new AnswerSettings { MaxAnswerLength = 1 });
        var windows = Letters.Cut(question, room: 4, stride: 2).Windows;
        search.Add(windows[1], Of(Only(9, (4, 9, 9), (5, 2, 2))).Start, Of(Only(9, (4, 9, 9), (5, 2, 2))).End);
        search.Add(windows[0], Of(Only(9, (6, 1, 1), (7, 9, 9))).Start, Of(Only(9, (6, 1, 1), (7, 9, 9))).End);
        Assert.Equal([("d", 2f), ("c", 1f)], search.Best().Candidates.Select(candidate => (candidate.Text, candidate.StartLogit)));
    }

    [Theory]
    [InlineData(0, "", 1.0)] // 5 against 4.
    [InlineData(1, "b", 1.0)] // Not more than the threshold.
    [InlineData(-2, "", 1.0)]
    public void No_answer_wins_by_more_than_the_threshold(double threshold, string expected, double difference)
    {
        var settings = new AnswerSettings { AllowsNoAnswer = true, NullThreshold = threshold };
        var answer = Search(Context, settings, Only(12, (0, 2, 3), (10, 2, 2)));
        Assert.Equal((expected, difference), (answer.Text, answer.NullScoreDifference));
        Assert.Equal(["", "b"], answer.Candidates.Select(candidate => candidate.Text));
        Assert.Equal(1 / (1 + Math.Exp(-1)), answer.Candidates[0].Probability, 15);
        Assert.Null(answer.Candidates[0].Offsets);
        Assert.Equal("b", Search(Context, new(), Only(12, (0, 2, 3), (10, 2, 2))).Text);
    }

    [Fact]
    public void The_null_score_is_that_of_the_window_least_sure_of_it()
    {
        var question = Letters.About("a b c d");
        var search = new AnswerSearch(question, new AnswerSettings { AllowsNoAnswer = true });
        foreach (var (window, score) in Letters.Cut(question, room: 2, stride: 2).Windows.Zip([4f, -1f]))
            search.Add(window, [score, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal((-1, "a"), (search.Best().NullScoreDifference, search.Best().Text));
    }

    [Theory]
    [InlineData(1, 3, "a b ")] // After its equal, in the place of the third.
    [InlineData(3, 2, " a")] // First: the second span has to go.
    [InlineData(1, 2, "a b ")] // Behind the two best it stands as the third.
    [InlineData(-1, 1, "a ")]
    public void No_answer_is_always_among_the_candidates(float score, int nBest, string expected)
    {
        var settings = new AnswerSettings { AllowsNoAnswer = true, NBest = nBest, MaxAnswerLength = 1 };
        var answer = Search("a b c", settings, Only(8, (0, score, 0), (4, 2, 0), (5, 1, 0), (6, 0, 0)));
        Assert.Equal(expected, string.Join(' ', answer.Candidates.Select(candidate => candidate.Text)));
        Assert.Equal(1, answer.Candidates.Sum(candidate => candidate.Probability), 15);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_any_candidate_the_answer_is_empty_with_probability_1(bool allowsNoAnswer)
    {
        var settings = new AnswerSettings { AllowsNoAnswer = allowsNoAnswer };
        foreach (var answer in new[] { Search("a b", settings, Only(7)), new AnswerSearch(Letters.About(" "), settings).Best() })
        {
            Assert.Equal(("", null), (answer.Text, answer.NullScoreDifference));
            Assert.Equal(new AnswerCandidate("", null, 0, 0, 1), Assert.Single(answer.Candidates));
        }
    }

    [Fact]
    public void The_largest_logits_do_not_overflow()
    {
        var answer = Search("a b", new(), Only(7, (4, float.MaxValue, float.MaxValue), (5, float.MinValue, float.MinValue)));
        Assert.Equal(["a", "a b", "b"], answer.Candidates.Select(candidate => candidate.Text));
        Assert.Equal([1, 0, 0], answer.Candidates.Select(candidate => candidate.Probability));
    }

    [Theory]
    [InlineData(float.NaN, 0, "start logit of token 4 is NaN")]
    [InlineData(0, float.PositiveInfinity, "end logit of token 4 is Infinity")]
    public void A_logit_that_is_no_number_is_refused_with_its_place(float start, float end, string named)
    {
        var refusal = Assert.Throws<LabException>(() => Search("a b", new(), Only(7, (4, start, end))));
        Assert.Equal(ProblemCode.ArtifactCorrupt, refusal.Code);
        Assert.Contains($"Question \"q\", window 0: the {named}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_must_be_left_out()
    {
        var question = Letters.About("a b");
        Assert.Throws<ArgumentException>(() => new AnswerSearch(question, new()).Add(Letters.Cut(question).Windows[0], new float[8], new float[7]));
        Assert.Throws<ArgumentException>(() => new AnswerSearch(question, new()).Add(Letters.Cut(question).Windows[0], new float[7], new float[8]));
    }

    [Theory]
    [InlineData(0, 30, 0)]
    [InlineData(20, 0, 0)]
    [InlineData(20, 30, double.NaN)]
    public void Settings_without_sense_are_refused(int nBest, int most, double threshold) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new AnswerSearch(Letters.About("a"), new AnswerSettings { NBest = nBest, MaxAnswerLength = most, NullThreshold = threshold }));

    [Fact]
    public void Candidates_equal_a_plain_sort_of_all_spans()
    {
        var random = new SplitMix64(5);
        for (var round = 0; round < 300; round++)
        {
            var question = Letters.About(string.Join(' ', Enumerable.Range(0, 1 + random.Next(25)).Select(_ => (char)('a' + random.Next(4)))));
            var cut = Letters.Cut(question, room: 3 + random.Next(8), stride: 1 + random.Next(6));
            var settings = new AnswerSettings { NBest = 1 + random.Next(12), MaxAnswerLength = 1 + random.Next(5) };
            var (search, all) = (new AnswerSearch(question, settings), new List<(double Score, int Start, int End)>());
            foreach (var window in cut.Windows)
            {
                // Small whole numbers, for ties.
                var (start, end) = (Logits(window), Logits(window));
                search.Add(window, start, end);
                all.AddRange(from s in Enumerable.Range(window.ContextStart, window.ContextEnd - window.ContextStart)
                             where window.HasMaxContext(s)
                             from e in Enumerable.Range(s, Math.Min(settings.MaxAnswerLength, window.ContextEnd - s))
                             select ((double)start[s] + end[e], window.OffsetsOf(s).Start, window.OffsetsOf(e).End));
            }
            var expected = all.OrderByDescending(span => span.Score).ThenBy(span => span.Start).ThenBy(span => span.End)
                .DistinctBy(span => question.Context[span.Start..span.End]).Take(settings.NBest);
            Assert.Equal(expected, search.Best().Candidates.Select(found => ((double)found.StartLogit + found.EndLogit, found.Offsets!.Value.Start, found.Offsets.Value.End)));
        }

        float[] Logits(AnswerWindow window) => [.. Enumerable.Range(0, window.Encoding.Length).Select(_ => (float)random.Next(6))];
    }

    private static QuestionAnswer Search(string context, AnswerSettings settings, (float Start, float End)[] logits)
    {
        var question = Letters.About(context);
        var search = new AnswerSearch(question, settings);
        search.Add(Assert.Single(Letters.Cut(question).Windows), Of(logits).Start, Of(logits).End);
        return search.Best();
    }

    private static (float[] Start, float[] End) Of((float Start, float End)[] logits) => ([.. logits.Select(pair => pair.Start)], [.. logits.Select(pair => pair.End)]);

    // Logits of so many tokens, which forbid all positions but those given.
    private static (float Start, float End)[] Only(int tokens, params (int At, float Start, float End)[] allowed)
    {
        var logits = Enumerable.Repeat((No, No), tokens).ToArray();
        foreach (var (at, start, end) in allowed)
            logits[at] = (start, end);
        return logits;
    }
}
