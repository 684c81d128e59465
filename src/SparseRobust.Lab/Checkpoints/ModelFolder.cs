using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A model in Hugging Face's layout: config.json, which says what kind of model it is, model.safetensors, and the tokenizer's files. Reloading gives bit-equal logits.</summary>
internal static class ModelFolder
{
    public const string WeightsFile = "model.safetensors";
    public const string ConfigFile = "config.json";
    public const string VocabularyFile = TokenizerFolder.WordPieceFile;

    public static void Save(string folder, TextClassifier model, LabelSet labels, Tokenizer tokenizer)
    {
        DurableFile.Write(Path.Combine(folder, ConfigFile), ModelConfig.Of(model, labels).ToJson(model.GetName()));
        tokenizer.Save(folder);
        TensorFile.Save(
            Path.Combine(folder, WeightsFile),
            model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)),
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt naming missing and unexpected tensors, or a wrong shape.</exception>
    public static TextClassifier Load(string folder, Device device)
    {
        var config = ModelConfig.Read(Path.Combine(folder, ConfigFile));
        var path = Path.Combine(folder, WeightsFile);
        using var file = TensorFile.Open(path);
        var model = config.Spec.Build(config.VocabSize, config.Labels.Count);
        try
        {
            Fill(model, file, path);
            model.to(device);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Fill(TextClassifier model, TensorFile file, string path)
    {
        using var noGrad = no_grad();
        var parameters = model.named_parameters().ToList();
        var missing = parameters.Select(entry => entry.name).Where(name => !file.Contains(name)).ToList();
        var unexpected = file.Names.Except(parameters.Select(entry => entry.name)).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} does not fit its config.json. Missing: {Listed(missing)}. Unexpected: {Listed(unexpected)}.");
        foreach (var (name, parameter) in parameters)
            file.CopyInto(name, parameter);
    }

    private static string Listed(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
