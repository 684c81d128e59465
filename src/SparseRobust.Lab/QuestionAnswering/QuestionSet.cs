namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A question that was left out because it could not be used.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BrokenQuestion(string Id, string Reason);

/// <summary>A split of a question answering dataset, read whole.</summary>
/// <param name="Name">Dataset name as scores show it: squad, squad-v2, xquad-en.</param>
/// <param name="Split">Split name as scores show it: train, dev, test.</param>
/// <param name="Questions">All questions, in file order.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the decompressed file.</param>
public sealed record QuestionSet(string Name, string Split, IReadOnlyList<Question> Questions, string Sha256)
{
    /// <summary>Questions left out because they were broken, at most max(10, 0.1 % of all).</summary>
    public IReadOnlyList<BrokenQuestion> Broken { get; init; } = [];

    /// <summary>Whether some questions have no answer, so that a model may say so (SQuAD 2.0). False by default.</summary>
    public bool AllowsNoAnswer { get; init; }

    /// <summary>How many questions the published split has, or null when unknown.</summary>
    public int? PublishedQuestions { get; init; }

    /// <summary>Path of the file read, or null. Shown to people; never part of an identity.</summary>
    public string? SourcePath { get; init; }
}
