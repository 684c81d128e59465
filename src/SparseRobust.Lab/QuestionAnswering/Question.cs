using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>An answer that a person marked in the context.</summary>
/// <param name="Text">The answer as it stands in the context; not empty.</param>
/// <param name="Offsets">Where it stands, in UTF-16 units of the context.</param>
public sealed record GoldAnswer(string Text, TextRange Offsets);

/// <summary>A question about a text that holds its answer, or may hold it.</summary>
/// <param name="Id">The source's own id, unique in its set.</param>
/// <param name="Text">The question.</param>
/// <param name="Context">The text the answer is to be found in. Questions about one paragraph share one string.</param>
/// <param name="Answers">The gold answers in the source's order; the first is the one to train on. Empty when the context does not answer the question.</param>
public sealed record Question(string Id, string Text, string Context, IReadOnlyList<GoldAnswer> Answers)
{
    /// <summary>Whether the context answers the question.</summary>
    public bool IsAnswerable => Answers.Count > 0;
}
