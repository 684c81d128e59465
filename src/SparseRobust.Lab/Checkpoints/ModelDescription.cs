using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>What a folder in Hugging Face's layout holds, for whoever means to start trainings from it.</summary>
public sealed record ModelDescription
{
    /// <summary>model_type of its config.json: bert.</summary>
    public required string Kind { get; init; }

    /// <summary>Layers and widths in words.</summary>
    public required string Shape { get; init; }

    /// <summary>Numbers of its body: embeddings, encoder, and the pooler if it is there.</summary>
    public required long Parameters { get; init; }

    /// <summary>Rows of the word table.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of an input, special tokens included.</summary>
    public required int MaxInputLength { get; init; }

    /// <summary>Types of the stored weights by safetensors' names, joined by commas: F32.</summary>
    public required string StoredAs { get; init; }

    /// <summary>Reads a folder's config.json and tokenizer and no weights.</summary>
    /// <exception cref="LabException">ModelInvalid: one is not there or not readable, or it is of a kind that is not known here, which is named.</exception>
    public static void RequireReadable(string folder) => Explained(folder, () => ReadTexts(folder));

    /// <summary>Reads a folder's config.json and tokenizer, and the names, types and shapes of its weights, which must be those of the body that config.json describes.</summary>
    /// <remarks>No weight is read and no model built, so it costs neither memory nor draws from the process's random generator.</remarks>
    /// <exception cref="LabException">ModelInvalid, naming the file, and the tensor or setting.</exception>
    public static ModelDescription Inspect(string folder) => Explained(folder, () =>
    {
        var spec = ReadTexts(folder);
        var words = ModelFolder.ReadBody(folder).VocabSize;
        using var weights = ModelWeights.Open(folder);
        var body = PretrainedBody.Find(weights, BodyShapes.Of(spec, words), spec.Prefix + ".");
        return new ModelDescription
        {
            Kind = spec.Prefix,
            Shape = spec.Shape,
            Parameters = body.Sum(shape => shape.Shape.Aggregate(1L, (product, dimension) => product * dimension)),
            VocabularySize = words,
            MaxInputLength = spec.MaxInputLength,
            StoredAs = string.Join(", ", weights.Tensors.Select(tensor => tensor.DType).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        };
    });

    private static TransformerSpec ReadTexts(string folder)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ModelFolder.ConfigFile), needsLabels: false);
        var spec = config.Spec as TransformerSpec
            ?? throw ModelFiles.Invalid($"{ModelFolder.ConfigFile}: a {ModelConfig.KindOf(config.Spec)} has no body that could be pre-trained apart from its head. Import a BERT or RoBERTa.");
        var tokens = TokenizerFolder.Load(folder).Count;
        return tokens <= config.VocabSize ? spec : throw ModelFiles.Invalid(
            $"The tokenizer has {tokens} tokens, and {ModelFolder.ConfigFile} says vocab_size {config.VocabSize}: ids would lead beyond the word table. Take the tokenizer that belongs to the model.");
    }

    // Where the files lie for the moment is no business of whoever reads the message.
    private static T Explained<T>(string folder, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (LabException e) when (e.Code is ProblemCode.ArtifactMissing or ProblemCode.ArtifactCorrupt or ProblemCode.TokenizerInvalid)
        {
            var message = e.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(folder, "The model", StringComparison.Ordinal);
            throw ModelFiles.Invalid(message, e);
        }
    }
}
