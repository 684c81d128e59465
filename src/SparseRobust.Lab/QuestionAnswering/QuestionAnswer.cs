using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>One possible answer.</summary>
/// <param name="Text">The context from the first token's beginning to the last token's end; "" for no answer.</param>
/// <param name="Offsets">Where it stands in the context; null for no answer.</param>
/// <param name="StartLogit">The model's logit for its first token, or for [CLS]; 0 when nothing could be an answer.</param>
/// <param name="EndLogit">As <paramref name="StartLogit"/>, for its last token.</param>
/// <param name="Probability">Softmax of the sum of both over all candidates of the question, in [0, 1].</param>
public sealed record AnswerCandidate(string Text, TextRange? Offsets, float StartLogit, float EndLogit, double Probability);

/// <summary>What a model answers.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Text">The answer; "" when there is none.</param>
/// <param name="Candidates">The n best, the most probable first; no two have the same text. At least one, whose text is "" when nothing could be an answer.</param>
public sealed record QuestionAnswer(string Id, string Text, IReadOnlyList<AnswerCandidate> Candidates)
{
    /// <summary>Null score minus the best span's score, in logits: what is held against the threshold. Null when "no answer" is not allowed or there is nothing to compare.</summary>
    public double? NullScoreDifference { get; init; }
}
