using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A model in Hugging Face's layout: config.json, which says what kind of model it is, its weights (<see cref="ModelWeights"/>), and the tokenizer's files.</summary>
/// <remarks>A model saved here and loaded again gives bit-equal logits.</remarks>
internal static class ModelFolder
{
    public const string WeightsFile = "model.safetensors";
    public const string ConfigFile = "config.json";
    public const string VocabularyFile = TokenizerFolder.WordPieceFile;

    // A config.json may describe a number for each byte of weights, and so many more: a slip is told by the tensors' names and shapes, which needs the model built; a lie is not built.
    private const int TrustedAnyway = 1 << 24;

    /// <param name="folder">Where to; files that are there are replaced.</param>
    /// <param name="model">The model, with float32 weights.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="tokenizer">Makes its ids.</param>
    /// <param name="dtype">Type of the stored weights: Float32, or BFloat16 or Float16, which round to 8 and 11 significant bits.</param>
    /// <exception cref="LabException">ArtifactCorrupt, naming the tensor, when a weight is beyond the type's range (65,504 in Float16); nothing is rounded to infinity. StorageFull.</exception>
    public static void Save(string folder, TextClassifier model, LabelSet labels, Tokenizer tokenizer, ScalarType dtype = ScalarType.Float32) =>
        Save(folder, model, ModelConfig.Of(model, labels), tokenizer, dtype);

    /// <summary>As the other, of a model that was only pre-trained: it has no classes.</summary>
    public static void Save(string folder, BertForPreTraining model, Tokenizer tokenizer, ScalarType dtype = ScalarType.Float32) =>
        Save(folder, model, new ModelConfig(model.Spec, model.VocabularySize, new LabelSet([])), tokenizer, dtype);

    /// <summary>The whole model, exactly as it is stored: our own stages' outputs, and classifiers of others.</summary>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt naming missing and unexpected tensors, or a wrong shape.</exception>
    public static TextClassifier Load(string folder, Device device)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ConfigFile));
        using var weights = ModelWeights.Open(folder);
        RequirePlausible(config, weights);
        var model = config.Spec.Build(config.VocabSize, config.Labels.Count);
        try
        {
            Fill(model, weights);
            model.to(device);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What a folder says of its model, to build a new one with the same body; nothing is believed of it that the weights beside it belie.</summary>
    /// <remarks>Classes need not be named; they are the old head's.</remarks>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt.</exception>
    public static ModelConfig ReadBody(string folder)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ConfigFile), needsLabels: false);
        using var weights = ModelWeights.Open(folder);
        RequirePlausible(config, weights);
        return config;
    }

    /// <summary>Fills a new model's body (embeddings, encoder, and the pooler when it is there) from a pre-trained model of whatever head, and leaves the head as it was built.</summary>
    /// <param name="folder">The pre-trained model's folder.</param>
    /// <param name="model">A model built from <see cref="ReadBody"/>'s settings and vocabulary size, on any device.</param>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt, naming what is missing, has no place or has another shape or setting than the model: then the model is as it was.</exception>
    public static BodyReport LoadBody(string folder, TextClassifier model)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ConfigFile), needsLabels: false);
        using var weights = ModelWeights.Open(folder);
        return PretrainedBody.Fill(weights, config, (model, model.Spec));
    }

    /// <summary>As the other, of a model with the heads of pre-training: these are filled too, as far as the folder holds them (cls.*).</summary>
    public static BodyReport LoadBody(string folder, BertForPreTraining model)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ConfigFile), needsLabels: false);
        using var weights = ModelWeights.Open(folder);
        return PretrainedBody.Fill(weights, config, (model, model.Spec), BertForPreTraining.HeadsPrefix);
    }

    /// <summary>The tokenizer of a folder that a model starts from.</summary>
    /// <exception cref="LabException">ArtifactMissing; TokenizerInvalid; ArtifactCorrupt when the model knows fewer tokens.</exception>
    public static Tokenizer LoadTokenizer(PretrainedModel model)
    {
        var tokenizer = TokenizerFolder.Load(model.Path);
        return tokenizer.Count <= model.Config.VocabSize ? tokenizer
            : throw new LabException(ProblemCode.ArtifactCorrupt, $"The tokenizer in {model.Path} has {tokenizer.Count} tokens but the model knows only {model.Config.VocabSize}: take the tokenizer from where the model came from.");
    }

    /// <summary>The first few of many names, for messages.</summary>
    internal static string Listed(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");

    private static void Save(string folder, nn.Module model, ModelConfig config, Tokenizer tokenizer, ScalarType dtype)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Weights are stored as Float32, Float16 or BFloat16.");
        TensorFile.Save(
            Path.Combine(folder, WeightsFile),
            model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)),
            new Dictionary<string, string> { ["format"] = "pt" },
            dtype);
        DurableFile.Write(Path.Combine(folder, ConfigFile), config.ToJson(model.GetName(), dtype.ToString().ToLowerInvariant()));
        tokenizer.Save(folder);
    }

    private static void RequirePlausible(ModelConfig config, ModelWeights weights)
    {
        var described = (UInt128)config.VocabSize * (UInt128)config.Spec.WordWidth + (UInt128)config.Spec.MatrixNumbers;
        if (described > (UInt128)weights.Bytes + TrustedAnyway)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{weights.Path} does not fit its config.json, which describes a model of {described} numbers: the weights have {weights.Bytes} bytes. Take the config.json that belongs to them.");
    }

    private static void Fill(TextClassifier model, ModelWeights weights)
    {
        var stored = WeightNames.Of(weights);
        var parameters = model.named_parameters().ToList();
        var missing = parameters.Select(entry => entry.name).Where(name => !stored.ContainsKey(name)).ToList();
        var unexpected = stored.Keys.Except(parameters.Select(entry => entry.name)).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{weights.Path} does not fit its config.json. Missing: {Listed(missing)}. Unexpected: {Listed(unexpected)}.");
        foreach (var (name, parameter) in parameters)
            weights.CopyInto(stored[name], parameter);
    }
}
