using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A model folder that others start from, by what it holds now.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Every file whose content counts: config.json, the weights, vocab.txt.</param>
/// <param name="Config">What config.json says.</param>
/// <param name="Sha256">SHA-256 of the files' names and hashes (<see cref="ContentHash.OfFiles"/>).</param>
internal sealed record PretrainedModel(string Path, IReadOnlyList<string> Files, ModelConfig Config, string Sha256)
{
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt.</exception>
    public static PretrainedModel Open(string folder)
    {
        var config = ModelFolder.ReadBody(folder);
        string[] vocabulary = [System.IO.Path.Combine(folder, ModelFolder.VocabularyFile)];
        string[] files = [System.IO.Path.Combine(folder, ModelFolder.ConfigFile), .. ModelWeights.FilesOf(folder), .. vocabulary.Where(File.Exists)];
        return new PretrainedModel(folder, files, config, ContentHash.OfFiles(files));
    }
}
