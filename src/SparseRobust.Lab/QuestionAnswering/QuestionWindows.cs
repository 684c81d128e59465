using System.Globalization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A question set as windows, and what was cut or could not be placed on the way. Immutable and thread-safe.</summary>
public sealed class QuestionWindows
{
    private readonly List<AnswerWindow> _windows = [];
    private readonly List<string> _cut = [];
    private readonly List<string> _unplaced = [];
    private readonly int[] _firsts;

    private QuestionWindows(QuestionSet set, WindowSettings settings)
    {
        (Set, Settings) = (set, settings);
        _firsts = new int[set.Questions.Count + 1];
    }

    /// <summary>The questions.</summary>
    public QuestionSet Set { get; }

    /// <summary>How contexts were cut.</summary>
    public WindowSettings Settings { get; }

    /// <summary>All windows: in the order of the questions, and within one in the order of the text.</summary>
    public IReadOnlyList<AnswerWindow> Windows => _windows;

    /// <summary>How many windows hold their question's first gold answer whole.</summary>
    public int WindowsWithAnswer { get; private set; }

    /// <summary>Ids of the questions that lost tokens; always to be reported, and empty unless cutting was asked for.</summary>
    public IReadOnlyList<string> CutQuestions => _cut;

    /// <summary>Ids of the answerable questions whose first gold answer lies whole in no window, because it is longer than one or holds no token (only
    /// characters that BERT's cleaning removes): training sees them as unanswerable.</summary>
    public IReadOnlyList<string> UnplacedAnswers => _unplaced;

    /// <summary>How many windows a question has; 0 when its context holds no token.</summary>
    /// <param name="question">Its index in the set.</param>
    public int CountOf(int question) => _firsts[question + 1] - _firsts[question];

    /// <summary>The windows of a question, in the order of the text.</summary>
    /// <param name="question">Its index in the set.</param>
    public IReadOnlyList<AnswerWindow> Of(int question) => _windows.GetRange(_firsts[question], CountOf(question));

    /// <summary>Cuts every question of a set into windows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The settings leave no room for the context.</exception>
    /// <exception cref="LabException">InputTooLong, naming the question, when it has more tokens than it may and cutting was not asked for.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static QuestionWindows Cut(QuestionSet set, Tokenizer tokenizer, WindowSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Require();
        var windows = new QuestionWindows(set, settings);
        var (context, tokens) = ("", tokenizer.TokenizeWithOffsets(""));
        for (var i = 0; i < set.Questions.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!ReferenceEquals(context, set.Questions[i].Context))
                (context, tokens) = (set.Questions[i].Context, tokenizer.TokenizeWithOffsets(set.Questions[i].Context));
            windows.Add(i, tokens, tokenizer);
        }
        return windows;
    }

    private void Add(int index, TokensWithOffsets context, Tokenizer tokenizer)
    {
        var question = Set.Questions[index];
        var ids = tokenizer.Tokenize(question.Text);
        var excess = Math.Max(0, ids.Length - Settings.MaxQueryLength);
        if (excess > 0 && !Settings.CutLongQuestions)
            throw TooLong(question, ids.Length);
        if (excess > 0)
            _cut.Add(question.Id);
        int[] head = [tokenizer.ClsId, .. ids.AsSpan(0, ids.Length - excess), .. Enumerable.Repeat(tokenizer.SepId, tokenizer.SeparatorsBetween)];
        var chunks = new ContextChunks(context.Count, Settings.MaxLength - head.Length - 1, Settings.DocStride);
        var answer = question.IsAnswerable ? TokensOf(question.Answers[0].Offsets, context.Offsets) : null;
        var placed = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var part = context.Ids.AsSpan(chunks.Start(i), chunks.Length(i));
            var target = TargetIn(answer, chunks, i, head.Length);
            placed += target is null ? 0 : 1;
            int[] all = [.. head, .. part, tokenizer.SepId];
            _windows.Add(new AnswerWindow(index, i, new Encoding(all, tokenizer.UsesTokenTypes ? head.Length : all.Length, excess), context.Offsets, chunks)
            {
                ContextStart = head.Length,
                Target = target ?? default,
            });
        }
        if (question.IsAnswerable && placed == 0)
            _unplaced.Add(question.Id);
        WindowsWithAnswer += placed;
        _firsts[index + 1] = _windows.Count;
    }

    // The first and the last context token that share text with the answer; null when none does.
    private static TokenSpan? TokensOf(TextRange answer, TextRange[] offsets)
    {
        var first = Array.FindIndex(offsets, token => token.End > answer.Start);
        var last = Array.FindLastIndex(offsets, token => token.Start < answer.End);
        return first >= 0 && first <= last ? new TokenSpan(first, last) : null;
    }

    private static TokenSpan? TargetIn(TokenSpan? answer, ContextChunks chunks, int chunk, int contextStart)
    {
        var start = chunks.Start(chunk);
        return answer is { } tokens && tokens.Start >= start && tokens.End < start + chunks.Length(chunk)
            ? new TokenSpan(tokens.Start - start + contextStart, tokens.End - start + contextStart)
            : null;
    }

    private LabException TooLong(Question question, int length) => new(ProblemCode.InputTooLong, string.Create(
        CultureInfo.InvariantCulture,
        $"{Set.Name} {Set.Split}, question \"{question.Id}\": it is {length} tokens long and the limit is {Settings.MaxQueryLength}: raise the limit, or ask for long questions to be cut."));
}
