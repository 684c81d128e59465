using SparseRobust.Lab.Errors;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class QuestionWindowsTests
{
    [Fact]
    public void Windows_follow_one_another_and_point_to_the_answer_they_hold()
    {
        var cut = Letters.Cut(Letters.About("a b C D e f g", "C D", "g"), room: 3, stride: 2);
        Assert.Equal(["[CLS] q q [SEP] a b c [SEP]", "[CLS] q q [SEP] c d e [SEP]", "[CLS] q q [SEP] e f g [SEP]"], cut.Windows.Select(Letters.Text));
        Assert.Equal([new TokenSpan(0, 0), new(4, 5), new(0, 0)], cut.Windows.Select(window => window.Target));
        Assert.All(cut.Windows, window => Assert.Equal((4, 7, 4, 0), (window.ContextStart, window.ContextEnd, window.Encoding.FirstSegmentLength, window.Encoding.TruncatedTokens)));
        Assert.Equal((3, 1), (cut.CountOf(0), cut.WindowsWithAnswer));
        Assert.Empty(cut.UnplacedAnswers);
        Assert.Empty(cut.CutQuestions);
    }

    [Fact]
    public void Two_windows_that_hold_the_answer_both_point_to_it()
    {
        var cut = Letters.Cut(Letters.About("a b c d e f", "c"), room: 4, stride: 2);
        Assert.Equal([new TokenSpan(6, 6), new(4, 4)], cut.Windows.Select(window => window.Target));
        Assert.Equal(2, cut.WindowsWithAnswer);
    }

    [Fact]
    public void Positions_lead_back_to_the_text_and_say_which_window_shows_more()
    {
        var window = Letters.Cut(Letters.About("a b (Cd) e f", "Cd"), room: 4, stride: 3).Windows[1]; // a b ( c | c ##d ) e | e f
        Assert.Equal([new TextRange(5, 6), new(6, 7), new(7, 8), new(9, 10)], Enumerable.Range(4, 4).Select(window.OffsetsOf));
        Assert.Equal([false, true, true, true], Enumerable.Range(4, 4).Select(window.HasMaxContext)); // c ties with the window before, which is first; e has as little context here as there, in a longer window.
        Assert.Throws<ArgumentOutOfRangeException>(() => window.OffsetsOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.HasMaxContext(8));
    }

    [Theory]
    [InlineData("abc d", "b", 5, 5)] // Inside a word: its piece.
    [InlineData("abc d", "abc d", 4, 7)]
    [InlineData("ab, d", ", d", 6, 7)]
    [InlineData("\u00E9 b", "\u00E9", 4, 4)]
    [InlineData("e\u0301 b", "e\u0301", 4, 4)]
    [InlineData("a \U0001F600b", "\U0001F600", 5, 5)] // A part of a word that is unknown: the whole of it.
    public void The_target_is_every_token_that_shares_text_with_the_answer(string context, string answer, int start, int end) =>
        Assert.Equal(new TokenSpan(start, end), Assert.Single(Letters.Cut(Letters.About(context, answer)).Windows).Target);

    [Theory]
    [InlineData("a \u200B b", "\u200B", 100)] // Cleaned away.
    [InlineData("a b c d", "a b c", 2)] // Longer than a window.
    public void An_answer_that_no_window_holds_is_reported(string context, string answer, int room)
    {
        var cut = Letters.Cut(Letters.About(context, answer), room, stride: 1);
        Assert.Equal(["q"], cut.UnplacedAnswers);
        Assert.All(cut.Windows, window => Assert.Equal(default, window.Target));
    }

    [Fact]
    public void A_question_without_an_answer_points_to_the_beginning_of_each_window()
    {
        var cut = Letters.Cut(Letters.About("a b c"), room: 2, stride: 1);
        Assert.Equal([default, default], cut.Windows.Select(window => window.Target));
        Assert.Empty(cut.UnplacedAnswers);
    }

    [Fact]
    public void Each_question_has_its_own_windows_and_one_without_context_has_none()
    {
        var context = "a b c";
        var set = Letters.Set(new("1", "q", context, []), new("2", "q r", context, []), new("3", "q", " ", []), new("4", "q", "d", []));
        var cut = QuestionWindows.Cut(set, Letters.Tokenizer, new WindowSettings { MaxLength = 6, DocStride = 1, MaxQueryLength = 2 }, CancellationToken.None);
        Assert.Equal([2, 3, 0, 1], Enumerable.Range(0, 4).Select(cut.CountOf));
        Assert.Equal([0, 0, 1, 1, 1, 3], cut.Windows.Select(window => window.Question));
        Assert.Equal([0, 1, 2], cut.Of(1).Select(window => window.Index));
        Assert.Equal("[CLS] q [SEP] d [SEP]", Letters.Text(Assert.Single(cut.Of(3))));
    }

    [Fact]
    public void A_long_question_is_refused_by_name_or_cut_and_counted()
    {
        var set = Letters.Set(new("short", "a b", "x", []), new("long", "a b c d", "x", []));
        var settings = new WindowSettings { MaxQueryLength = 2 };
        var refusal = Assert.Throws<LabException>(() => QuestionWindows.Cut(set, Letters.Tokenizer, settings, CancellationToken.None));
        Assert.Equal(ProblemCode.InputTooLong, refusal.Code);
        Assert.Contains("squad dev, question \"long\": it is 4 tokens long and the limit is 2", refusal.Message, StringComparison.Ordinal);
        var cut = QuestionWindows.Cut(set, Letters.Tokenizer, settings with { CutLongQuestions = true }, CancellationToken.None);
        Assert.Equal("[CLS] a b [SEP] x [SEP]", Letters.Text(cut.Windows[1]));
        Assert.Equal(["long"], cut.CutQuestions);
        Assert.Equal([0, 2], cut.Windows.Select(window => window.Encoding.TruncatedTokens));
    }

    [Theory]
    [InlineData(384, 0, 64)]
    [InlineData(384, 128, 0)]
    [InlineData(67, 128, 64)]
    public void Settings_without_room_are_refused(int maxLength, int docStride, int maxQueryLength) => Assert.Throws<ArgumentOutOfRangeException>(() => QuestionWindows.Cut(
        Letters.Set(), Letters.Tokenizer, new WindowSettings { MaxLength = maxLength, DocStride = docStride, MaxQueryLength = maxQueryLength }, CancellationToken.None));

    [Fact]
    public void Cutting_can_be_cancelled() => Assert.Throws<OperationCanceledException>(
        () => QuestionWindows.Cut(Letters.Set(Letters.About("a")), Letters.Tokenizer, new WindowSettings(), new CancellationToken(canceled: true)));
}
