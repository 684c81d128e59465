using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A model folder that others start from, by what it holds now.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Every file whose content counts: config.json, the weights, the tokenizer's.</param>
/// <param name="Config">What config.json says.</param>
/// <param name="Sha256">SHA-256 of the files' names and hashes (<see cref="ContentHash.OfFiles"/>).</param>
internal sealed record PretrainedModel(string Path, IReadOnlyList<string> Files, ModelConfig Config, string Sha256)
{
    // Lengths and times of change before the files were read.
    private string Stamp { get; init; } = "";

    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt.</exception>
    public static PretrainedModel Open(string folder)
    {
        var tokenizer = TokenizerFolder.FileNames.Select(name => System.IO.Path.Combine(folder, name));
        string[] files = [System.IO.Path.Combine(folder, ModelFolder.ConfigFile), .. ModelWeights.FilesOf(folder), .. tokenizer.Where(File.Exists)];
        var stamp = DatasetCatalog.Stamp(files);
        return new PretrainedModel(folder, files, ModelFolder.ReadBody(folder), ContentHash.OfFiles(files)) { Stamp = stamp };
    }

    /// <summary>Refuses files that are not those of <see cref="Sha256"/> any more: what was made of them would be known by the wrong hash.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public void RequireUnchanged()
    {
        if (DatasetCatalog.Stamp(Files) != Stamp)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"The model in {Path} was changed while a run was at work that starts from it. Start the run again; with other weights it is another one.");
    }
}
