using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

/// <summary>Questions whose words are letters, so that tokens can be counted by eye.</summary>
internal static class Letters
{
    public static WordPiece Tokenizer { get; } = new(new Vocabulary(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range('a', 26).SelectMany(letter => new[] { $"{(char)letter}", $"##{(char)letter}" }), ".", "(", ")"]));

    public static QuestionSet Set(params Question[] questions) => new("squad", "dev", questions, "");

    /// <summary>A question "q q" about a context, with the place of its answers' first occurrence.</summary>
    public static Question About(string context, params string[] answers) => new("q", "q q", context, [.. answers.Select(answer =>
        new GoldAnswer(answer, new TextRange(context.IndexOf(answer, StringComparison.Ordinal), context.IndexOf(answer, StringComparison.Ordinal) + answer.Length)))]);

    /// <summary>Windows with room for <paramref name="room"/> tokens of the context after a question of two.</summary>
    public static QuestionWindows Cut(Question question, int room = 100, int stride = 100) =>
        QuestionWindows.Cut(Set(question), Tokenizer, new WindowSettings { MaxLength = 5 + room, DocStride = stride, MaxQueryLength = 2 }, CancellationToken.None);

    public static string Text(AnswerWindow window) => string.Join(' ', window.Encoding.Ids.Select(id => Tokenizer.Vocabulary.Tokens[id]));
}
