using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>The science of a run: everything that its numbers depend on, but for the seed. Immutable; written in JSON with defaults left out.</summary>
public sealed record RunRecipe
{
    /// <summary>Raised whenever a default changes, so that an old hash never names new science.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Training set, dev set and out-of-distribution sets.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>Architecture, or a pre-trained model to start from; by default BERT, 2 layers x 128, from random weights.</summary>
    public ModelSpec Model { get; init; } = new BertSpec();

    /// <summary>Tokenizer; by default WordPiece with the vocabulary that the task brings. A pre-trained model has its own, so this is left out beside one.</summary>
    public VocabularySpec Vocabulary { get; init; } = new TaskVocabulary();

    /// <summary>Longest pair in tokens, [CLS] and both [SEP] included. The papers use 128.</summary>
    [Range(4, 8192)]
    public int MaxLength { get; init; } = 128;

    /// <summary>What happens to longer pairs: refused unless the recipe asks for longest_first, as the papers do. Cut rows are counted and reported.</summary>
    public Truncation Truncation { get; init; } = Truncation.Refuse;

    /// <summary>Where the bias log-probabilities of the debiasing objectives come from.</summary>
    public BiasSpec Bias { get; init; } = new OverlapBiasSpec();

    /// <summary>Which models are trained and pruned, in which order.</summary>
    public required ParadigmSpec Paradigm { get; init; }

    /// <summary>The fine-tuning of the teacher that confidence regularisation learns from, on the same data and seed; unused by every other objective. By default that of
    /// the paper's dense model, with cross-entropy. A run whose own fine-tuning is the same trains it once, and so do other runs that have it;
    /// beside another fine-tuning that has no teacher it is trained for this alone.</summary>
    public TrainingSpec Teacher { get; init; } = new();

    /// <summary>The bias model as it is hashed: settings that come to what a default means are that default.</summary>
    internal BiasSpec HashedBias => Model is PretrainedSpec ? Bias : Bias.FromRandomWeights;

    /// <summary>The shared part of every stage.</summary>
    [JsonIgnore]
    public Setup Setup => new() { Task = Task, Model = Model, Vocabulary = Vocabulary, MaxLength = MaxLength, Truncation = Truncation, BiasSourcePath = Bias.SourcePath };
}
