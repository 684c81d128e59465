using System.Text.Json.Serialization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>Where the WordPiece vocabulary comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TaskVocabulary), "task")]
[JsonDerivedType(typeof(FileVocabulary), "file")]
public abstract record VocabularySpec
{
    internal abstract Vocabulary Load(TaskSpec task, DatasetFolders folders);
}

/// <summary>The vocabulary that a generated task brings with it.</summary>
public sealed record TaskVocabulary : VocabularySpec
{
    internal override Vocabulary Load(TaskSpec task, DatasetFolders folders) =>
        new(task.BuiltInVocabulary ?? throw new LabException(ProblemCode.RecipeInvalid, "The task brings no vocabulary; name a file."));
}

/// <summary>A vocab.txt, one token a line.</summary>
public sealed record FileVocabulary : VocabularySpec
{
    /// <summary>Where the presets look for the vocabulary of bert-base-uncased.</summary>
    public const string BertBaseUncased = "vocab/bert-base-uncased-vocab.txt";

    /// <summary>Path relative to one of the data folders, or absolute.</summary>
    [Suggested(BertBaseUncased)]
    public required string Path { get; init; }

    internal override Vocabulary Load(TaskSpec task, DatasetFolders folders) =>
        Vocabulary.Load(folders.Find("the vocabulary", Path));
}
