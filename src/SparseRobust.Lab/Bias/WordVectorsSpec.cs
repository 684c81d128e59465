using System.Text.Json.Serialization;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Bias;

/// <summary>Where the word vectors come from that some bias features compare.</summary>
/// <remarks>Source: Win-win Deal, app. B.3.1, whose vectors are fastText's crawl-300d-2M. No vectors come with the laboratory.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PretrainedVectors), "pretrained")]
[JsonDerivedType(typeof(NoWordVectors), "none")]
[JsonDerivedType(typeof(FastTextVectors), "fasttext")]
[JsonDerivedType(typeof(EmbeddingVectors), "embeddings")]
public abstract record WordVectorsSpec
{
    /// <summary>The file or model folder the vectors lie in, as the recipe names it; null when there are none.</summary>
    internal virtual string? SourcePath => null;

    /// <summary>How the spec is hashed in a recipe that starts from random weights.</summary>
    internal virtual WordVectorsSpec FromRandomWeights => this;

    /// <summary>Of what a bias model is made from, that in which the vectors lie; null when there are none.</summary>
    internal virtual BiasSource? SourceIn(BiasInputs inputs) => inputs.Source;

    /// <summary>Reads the vectors of the words that occur in texts.</summary>
    /// <param name="source">What <see cref="SourceIn"/> says.</param>
    /// <param name="texts">The texts; not looked at when there are no vectors to read.</param>
    /// <param name="cancellation">Looked at while reading.</param>
    /// <exception cref="Errors.LabException">ArtifactCorrupt when the file is not what it should be.</exception>
    internal abstract WordVectors? Load(BiasSource? source, IEnumerable<string?> texts, CancellationToken cancellation);
}

/// <summary>The word embeddings of the pre-trained model that the recipe starts from; no word vectors when it starts from random weights.</summary>
/// <remarks>Ours, so that a recipe with a pre-trained model has all features without another file: the papers use fastText's vectors. A word's vector is that of
/// <see cref="EmbeddingVectors"/>.</remarks>
public sealed record PretrainedVectors : WordVectorsSpec
{
    internal const string Kind = "pretrained";

    internal override BiasSource? SourceIn(BiasInputs inputs) => inputs.Model is { } model ? BiasSource.Of(model) : null;

    internal override WordVectors? Load(BiasSource? source, IEnumerable<string?> texts, CancellationToken cancellation) =>
        source is null ? null : EmbeddingWords.Read(source, Kind, WordVectors.WordsOf(texts), cancellation);
}

/// <summary>No word vectors: features that need them are left out.</summary>
public sealed record NoWordVectors : WordVectorsSpec
{
    // The default means the same there, and was this one before there were pre-trained models.
    internal override WordVectorsSpec FromRandomWeights => new PretrainedVectors();

    internal override WordVectors? Load(BiasSource? source, IEnumerable<string?> texts, CancellationToken cancellation) => null;
}

/// <summary>A fastText file: text (.vec, plain or .gz) or binary (.bin, whose n-grams give words outside its dictionary a vector too).</summary>
/// <remarks>Source: Win-win Deal, app. B.3.1 (crawl-300d-2M.vec). A word is looked up in its own case, then in lower case, then, in a .bin, by its n-grams.</remarks>
public sealed record FastTextVectors : WordVectorsSpec
{
    /// <summary>Path of the .vec, .vec.gz or .bin file, relative to one of the data folders, or absolute.</summary>
    [Suggested("vectors/crawl-300d-2M.vec")]
    public required string Path { get; init; }

    internal override string SourcePath => Path;

    internal override WordVectors Load(BiasSource? source, IEnumerable<string?> texts, CancellationToken cancellation) =>
        FastTextBinary.IsOne(source!.Path)
            ? FastTextBinary.Read(source, WordVectors.WordsOf(texts), cancellation)
            : FastTextText.Read(source, WordVectors.WordsOf(texts), cancellation);
}

/// <summary>The word embeddings of a model folder (config.json, model.safetensors, vocab.txt): a word's vector is the mean of its WordPieces' rows.</summary>
/// <remarks>Ours, for those without fastText's file: the papers do not use it. A word is tokenised in its own case, then in lower case; one with a piece
/// outside the vocabulary has no vector. The tokenizer is the uncased one, as everywhere in the laboratory.</remarks>
public sealed record EmbeddingVectors : WordVectorsSpec
{
    private const string Kind = "embeddings";

    /// <summary>Path of the model folder, relative to one of the data folders, or absolute.</summary>
    [Suggested("models/bert-base-uncased")]
    public required string Path { get; init; }

    internal override string SourcePath => Path;

    internal override WordVectors Load(BiasSource? source, IEnumerable<string?> texts, CancellationToken cancellation) =>
        EmbeddingWords.Read(source!, Kind, WordVectors.WordsOf(texts), cancellation);
}
