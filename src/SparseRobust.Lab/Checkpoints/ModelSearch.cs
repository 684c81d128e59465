using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Where pre-trained models are looked for.</summary>
/// <param name="Folders">Folders of model folders, in the order in which they are searched; they need not exist.</param>
internal sealed record ModelSearch(IReadOnlyList<string> Folders)
{
    /// <summary>The first folder of a name that holds a config.json.</summary>
    /// <param name="name">Name or path below one of the folders, or an absolute path.</param>
    /// <exception cref="LabException">ArtifactMissing, naming every place that was looked at and the models that are there.</exception>
    public string Find(string name) => TryFind(name) ?? throw new LabException(
        ProblemCode.ArtifactMissing,
        $"The pre-trained model \"{name}\" was not found: no folder of that name with a {ModelFolder.ConfigFile} "
        + (Path.IsPathRooted(name) ? "is there" : $"in {string.Join("; ", Folders.Select(Shown))}")
        + $". Put the model's folder into one of these, name a folder of datasets that holds it with --data or {DatasetFolders.Variable}, or give its absolute path.");

    /// <summary>The files of the folder that a name stands for now, with lengths and times of change; empty when there is none. While it stays the same, so does the model.</summary>
    public string Stamp(string name) => TryFind(name) is { } folder ? DatasetCatalog.Stamp(Directory.GetFiles(folder).Order(StringComparer.Ordinal)) : "";

    private string? TryFind(string name) =>
        (Path.IsPathRooted(name) ? [name] : Folders.Select(folder => Path.Combine(folder, name))).Where(IsModel).Select(Path.GetFullPath).FirstOrDefault();

    private static string Shown(string folder) =>
        !Directory.Exists(folder) ? $"{folder} (not there)"
        : $"{folder} (models there: {ModelFolder.Listed([.. Directory.GetDirectories(folder).Where(IsModel).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)])})";

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, ModelFolder.ConfigFile));
}
