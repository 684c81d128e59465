using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A span of the context with its logits.</summary>
/// <param name="Offsets">Where it stands in the context.</param>
/// <param name="Start">Logit of its first token.</param>
/// <param name="End">Logit of its last token.</param>
internal readonly record struct SpanCandidate(TextRange Offsets, float Start, float End)
{
    /// <summary>In double, where no sum of two floats overflows or is rounded.</summary>
    public double Score => (double)Start + End;

    /// <summary>Whether it is better: by score, then by standing earlier, then by being shorter.</summary>
    public bool IsBefore(in SpanCandidate other) =>
        Score != other.Score ? Score > other.Score : (Offsets.Start, Offsets.End).CompareTo((other.Offsets.Start, other.Offsets.End)) < 0;
}

/// <summary>The best spans of a context, the best first, no two with the same text. Not thread-safe.</summary>
/// <param name="context">The text that spans are of.</param>
/// <param name="capacity">How many are kept.</param>
internal sealed class BestSpans(string context, int capacity)
{
    private readonly List<SpanCandidate> _spans = [];

    /// <summary>The spans kept.</summary>
    public IReadOnlyList<SpanCandidate> Spans => _spans;

    /// <summary>The least score that a span must reach to be kept.</summary>
    public double Floor => _spans.Count < capacity ? double.NegativeInfinity : _spans[^1].Score;

    /// <summary>Keeps a span if it is among the best.</summary>
    public void Offer(in SpanCandidate span)
    {
        if (_spans.Count == capacity && !span.IsBefore(_spans[^1]))
            return;
        var same = IndexOfText(span.Offsets.Of(context));
        if (same >= 0 && !span.IsBefore(_spans[same]))
            return;
        if (same >= 0)
            _spans.RemoveAt(same);
        var at = _spans.Count;
        while (at > 0 && span.IsBefore(_spans[at - 1]))
            at--;
        _spans.Insert(at, span);
        if (_spans.Count > capacity)
            _spans.RemoveAt(capacity);
    }

    private int IndexOfText(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < _spans.Count; i++)
            if (_spans[i].Offsets.Of(context).SequenceEqual(text))
                return i;
        return -1;
    }
}
