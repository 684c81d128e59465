using System.Text.Json.Serialization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>Where the tokenizer comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TaskVocabulary), "task")]
[JsonDerivedType(typeof(FileVocabulary), "file")]
public abstract record VocabularySpec
{
    internal abstract Tokenizer Load(TaskSpec task, DatasetFolders folders);
}

/// <summary>The vocabulary that a generated task brings with it.</summary>
public sealed record TaskVocabulary : VocabularySpec
{
    internal override Tokenizer Load(TaskSpec task, DatasetFolders folders) =>
        new WordPiece(new Vocabulary(task.BuiltInVocabulary ?? throw new LabException(ProblemCode.RecipeInvalid, "The task brings no vocabulary; name a file.")));
}

/// <summary>A BERT vocab.txt, one token a line, of an uncased model; or a tokenizer.json, or a folder with a tokenizer's files, of BERT's or RoBERTa's family.</summary>
public sealed record FileVocabulary : VocabularySpec
{
    /// <summary>Where the presets look for the vocabulary of bert-base-uncased.</summary>
    public const string BertBaseUncased = "vocab/bert-base-uncased-vocab.txt";

    /// <summary>Path of the file or folder, relative to one of the data folders, or absolute.</summary>
    [Suggested(BertBaseUncased)]
    public required string Path { get; init; }

    internal override Tokenizer Load(TaskSpec task, DatasetFolders folders) =>
        TokenizerFolder.Load(folders.TryFindFolder(Path) ?? folders.Find("the vocabulary", Path));
}
