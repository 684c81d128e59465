using System.Text.Json.Serialization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>Where the tokenizer comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TaskVocabulary), "task")]
[JsonDerivedType(typeof(FileVocabulary), "file")]
[JsonDerivedType(typeof(LearnedVocabulary), "learned")]
public abstract record VocabularySpec
{
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid, TokenizerInvalid; RecipeInvalid when it does not go with the task.</exception>
    internal abstract Tokenizer Load(TaskSpec task, VocabularySources sources);
}

/// <summary>What a vocabulary is read or learned from.</summary>
/// <param name="Folders">Folders of datasets.</param>
/// <param name="Cache">Under whose root a learned one is kept; null learns it for this time only.</param>
/// <param name="Cancellation">Stops learning.</param>
internal sealed record VocabularySources(DatasetFolders Folders, TokenCache? Cache, CancellationToken Cancellation);

/// <summary>The vocabulary that a generated task brings with it.</summary>
public sealed record TaskVocabulary : VocabularySpec
{
    internal override Tokenizer Load(TaskSpec task, VocabularySources sources) =>
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

    internal override Tokenizer Load(TaskSpec task, VocabularySources sources) =>
        TokenizerFolder.Load(sources.Folders.TryFindFolder(Path) ?? sources.Folders.Find("the vocabulary", Path));
}
