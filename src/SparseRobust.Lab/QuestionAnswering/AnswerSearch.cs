using System.Globalization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>Finds the answer to one question in the logits of its windows: <see cref="Add"/> each window, in any order, then ask for <see cref="Best"/>.</summary>
/// <remarks>Source: BERT's run_squad.py, write_predictions. A span is a candidate when it lies in the context, has at most MaxAnswerLength tokens, and begins
/// where its window shows most context; its score is the sum of its two logits. Equal scores go to the span that stands earlier, then to the shorter.
/// Deviates in two things. All such spans are looked at, not just those between the 20 best starts and the 20 best ends, among which there may be none.
/// The text is the context between the tokens' offsets; the original joins the pieces, guesses which letters of the whitespace-delimited words they are
/// (get_final_text), and returns these words whole, punctuation and all, where accents or lower-casing defeat the guess. Not thread-safe.</remarks>
public sealed class AnswerSearch
{
    private readonly Question _question;
    private readonly AnswerSettings _settings;
    private readonly BestSpans _best;
    private SpanCandidate? _null;

    /// <summary>Begins the search for one question's answer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public AnswerSearch(Question question, AnswerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Require();
        (_question, _settings, _best) = (question, settings, new BestSpans(question.Context, settings.NBest));
    }

    /// <summary>Looks at one of the question's windows.</summary>
    /// <param name="window">The window.</param>
    /// <param name="startLogits">For each of its tokens, padding left out, how much the answer begins there. Negative infinity forbids it.</param>
    /// <param name="endLogits">For each of its tokens, how much the answer ends there.</param>
    /// <exception cref="ArgumentException">There are not as many logits as tokens.</exception>
    /// <exception cref="LabException">ArtifactCorrupt when a logit is NaN or positive infinity.</exception>
    public void Add(AnswerWindow window, ReadOnlySpan<float> startLogits, ReadOnlySpan<float> endLogits)
    {
        ArgumentNullException.ThrowIfNull(window);
        Require(window, startLogits, "start");
        Require(window, endLogits, "end");
        var ofNull = new SpanCandidate(default, startLogits[0], endLogits[0]);
        if (_null is null || ofNull.Score < _null.Value.Score)
            _null = ofNull;
        for (var start = window.ContextStart; start < window.ContextEnd; start++)
            if (startLogits[start] > float.NegativeInfinity && window.HasMaxContext(start))
                AddSpansFrom(window, start, startLogits[start], endLogits);
    }

    /// <summary>The answer that the windows given so far tell. Without any candidate it is "" with probability 1.</summary>
    public QuestionAnswer Best()
    {
        var candidates = _best.Spans.ToList();
        SpanCandidate? best = candidates.Count > 0 ? candidates[0] : null;
        var ofNull = _settings.AllowsNoAnswer ? _null : null;
        if (ofNull is { Score: > double.NegativeInfinity })
            Insert(ofNull.Value, candidates);
        if (candidates.Count == 0)
            candidates.Add(default);
        var difference = ofNull?.Score - best?.Score;
        var isNone = best is null || difference > _settings.NullThreshold;
        return new QuestionAnswer(_question.Id, isNone ? "" : TextOf(best!.Value), WithProbabilities(candidates)) { NullScoreDifference = difference };
    }

    private void AddSpansFrom(AnswerWindow window, int start, float startLogit, ReadOnlySpan<float> endLogits)
    {
        var from = window.OffsetsOf(start).Start;
        var stop = (int)Math.Min(window.ContextEnd, (long)start + _settings.MaxAnswerLength);
        for (var end = start; end < stop; end++)
            if (endLogits[end] > float.NegativeInfinity && (double)startLogit + endLogits[end] >= _best.Floor)
                _best.Offer(new SpanCandidate(new(from, window.OffsetsOf(end).End), startLogit, endLogits[end]));
    }

    // After spans of the same score. It takes a place among the n best, or one more behind them.
    private void Insert(in SpanCandidate ofNull, List<SpanCandidate> candidates)
    {
        var at = 0;
        while (at < candidates.Count && candidates[at].Score >= ofNull.Score)
            at++;
        candidates.Insert(at, ofNull);
        if (at < _settings.NBest && candidates.Count > _settings.NBest)
            candidates.RemoveAt(_settings.NBest);
    }

    private List<AnswerCandidate> WithProbabilities(List<SpanCandidate> candidates)
    {
        var weights = candidates.ConvertAll(candidate => Math.Exp(candidate.Score - candidates[0].Score));
        var total = weights.Sum();
        return [.. candidates.Zip(weights, (candidate, weight) =>
            new AnswerCandidate(TextOf(candidate), candidate.Offsets.Length > 0 ? candidate.Offsets : null, candidate.Start, candidate.End, weight / total))];
    }

    private string TextOf(in SpanCandidate candidate) => candidate.Offsets.Of(_question.Context).ToString();

    private void Require(AnswerWindow window, ReadOnlySpan<float> logits, string which)
    {
        if (logits.Length != window.Encoding.Length)
            throw new ArgumentException($"There are {logits.Length} {which} logits for {window.Encoding.Length} tokens.", nameof(window));
        for (var i = 0; i < logits.Length; i++)
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
                throw new LabException(ProblemCode.ArtifactCorrupt, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Question \"{_question.Id}\", window {window.Index}: the {which} logit of token {i} is {logits[i]}, not a finite number: the model's weights are broken; load another."));
    }
}
