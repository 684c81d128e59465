using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>Positions of an answer's first and last token in a window; (0, 0), the place of [CLS], says that the window does not hold the answer.</summary>
/// <param name="Start">Position of the first token.</param>
/// <param name="End">Position of the last token, itself part of the answer.</param>
public readonly record struct TokenSpan(int Start, int End);

/// <summary>A question with a part of its context, as a model reads it: [CLS] question [SEP] part [SEP], with RoBERTa's tokens two separators between. Immutable and thread-safe.</summary>
public sealed class AnswerWindow
{
    private readonly TextRange[] _offsets;
    private readonly ContextChunks _chunks;

    internal AnswerWindow(int question, int index, Encoding encoding, TextRange[] offsets, ContextChunks chunks)
    {
        (Question, Index, Encoding, _offsets, _chunks) = (question, index, encoding, offsets, chunks);
    }

    /// <summary>Index of the question in its set.</summary>
    public int Question { get; }

    /// <summary>Which of its question's windows it is, from 0.</summary>
    public int Index { get; }

    /// <summary>The ids without padding; its count of truncated tokens is the question's.</summary>
    public Encoding Encoding { get; }

    /// <summary>Position of the first context token.</summary>
    public int ContextStart { get; internal init; }

    /// <summary>Position after the last context token, that of the last separator.</summary>
    public int ContextEnd => Encoding.Length - 1;

    /// <summary>What to train on: where the question's first gold answer stands when it lies whole in this window, else (0, 0).</summary>
    public TokenSpan Target { get; internal init; }

    /// <summary>Where the token at a position stands in the whole context, in UTF-16 units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No context token is at that position.</exception>
    public TextRange OffsetsOf(int position) => _offsets[TokenAt(position)];

    /// <summary>Whether no other window of the question shows the context token at a position with more context around it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No context token is at that position.</exception>
    public bool HasMaxContext(int position) => _chunks.MaxContextOf(TokenAt(position)) == Index;

    private int TokenAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, ContextStart);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, ContextEnd);
        return _chunks.Start(Index) + position - ContextStart;
    }
}
