using System.Text.Json;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>The pre-trained models of a laboratory: root/models/NAME, each whole, checked and described by its import.json. Thread-safe; several processes may share a root.</summary>
/// <param name="root">The laboratory's root.</param>
public sealed partial class PretrainedStore(string root)
{
    private const string ManifestFile = "import.json";

    /// <summary>root/models.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(root), "models");

    /// <summary>Whether a text may be a model's name: 1 to 96 letters, digits, dots, underscores and hyphens (ASCII), beginning with a letter or digit.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>A folder inside root/models, so that the last step is a rename on one disk; no name of a model leads there.</summary>
    /// <param name="name">Its name.</param>
    public string WorkFolder(string name) => Path.Combine(Folder, ".imports", name);

    /// <summary>Whether a name is somebody's: a model's, or a folder's that was not imported.</summary>
    public bool IsTaken(string name) => IsName(name) && Path.Exists(Path.Combine(Folder, name));

    /// <summary>A model by its name; null when there is none.</summary>
    /// <exception cref="LabException">ArtifactCorrupt: its import.json cannot be read.</exception>
    public ImportedModel? Find(string name)
    {
        var path = Path.Combine(Folder, name, ManifestFile);
        return IsName(name) && File.Exists(path) ? Read(path) with { Name = name } : null;
    }

    /// <summary>All models, by name (ordinal).</summary>
    /// <exception cref="LabException">ArtifactCorrupt, naming the model.</exception>
    public IReadOnlyList<ImportedModel> List() =>
        Directory.Exists(Folder) ? [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal).Select(Find).OfType<ImportedModel>()] : [];

    /// <summary>Puts a folder of files that were checked in its place.</summary>
    /// <param name="staging">The files and nothing else, on the same disk; gone afterwards when it was put in its place.</param>
    /// <param name="model">What is written as its import.json.</param>
    /// <returns>The model that has the name now: this one, one with the same files that was there before, or another one, with which nothing has happened.</returns>
    public ImportedModel Publish(string staging, ImportedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!IsName(model.Name))
            throw new ArgumentException($"\"{model.Name}\" is no name of a model", nameof(model));
        DurableFile.Write(Path.Combine(staging, ManifestFile), JsonSerializer.Serialize(model, LabJson.Options));
        DirectorySync.FlushTree(staging);
        var place = Path.Combine(Folder, model.Name);
        try
        {
            Directory.Move(staging, place);
        }
        catch (IOException) when (Find(model.Name) is not null)
        {
            return Find(model.Name)!;
        }
        DirectorySync.FlushNames(Folder);
        return model;
    }

    /// <summary>Deletes a model that was imported, at once: whoever has its files open reads on. One that was put there by hand is left alone.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Delete(string name)
    {
        if (!IsName(name) || !File.Exists(Path.Combine(Folder, name, ManifestFile)))
            return false;
        var grave = WorkFolder($".deleted-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.GetDirectoryName(grave)!);
        Directory.Move(Path.Combine(Folder, name), grave);
        Directory.Delete(grave, recursive: true);
        return true;
    }

    private static ImportedModel Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ImportedModel>(File.ReadAllText(path), LabJson.Options) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} cannot be read: {e.Message} Delete the model's folder and import it again.", e);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex NamePattern();
}
