using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Bias;

/// <summary>A file or model folder outside the datasets from which a bias model reads: word vectors, or another program's predictions.</summary>
/// <param name="Path">The file, or the model folder.</param>
/// <param name="Files">Every file whose content counts.</param>
/// <param name="Sha256">SHA-256 of the file as it lies there; of a model folder, of its files' names and hashes. Part of the hash of the stage that reads it.</param>
internal sealed record BiasSource(string Path, IReadOnlyList<string> Files, string Sha256)
{
    private const string WeightsFile = "model.safetensors";

    // What of a model folder its word embeddings depend on.
    private static readonly string[] ModelFiles = ["config.json", WeightsFile, .. TokenizerFolder.FileNames];

    /// <summary>Finds what a recipe names: a file, or a folder that holds model.safetensors.</summary>
    /// <param name="folders">The data folders.</param>
    /// <param name="path">Path relative to one of them, or absolute.</param>
    /// <exception cref="Errors.LabException">DatasetMissing when there is neither.</exception>
    public static BiasSource Find(DatasetFolders folders, string path)
    {
        var found = folders.Find("What the bias model reads", path, System.IO.Path.Combine(path, WeightsFile));
        if (System.IO.Path.GetFileName(found) != WeightsFile || path.EndsWith(WeightsFile, StringComparison.Ordinal))
            return new BiasSource(found, [found], ContentHash.OfFile(found));
        var folder = System.IO.Path.GetDirectoryName(found)!;
        string[] files = [.. ModelFiles.Select(name => System.IO.Path.Combine(folder, name)).Where(File.Exists)];
        return new BiasSource(folder, files, ContentHash.OfFiles(files));
    }

    /// <summary>The model that a recipe starts from.</summary>
    public static BiasSource Of(PretrainedModel model) => new(model.Path, model.Files, model.Sha256);
}
