using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A pre-trained model that was imported, as its import.json says.</summary>
public sealed record ImportedModel
{
    /// <summary>Its name, by which recipes call it; also its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Where it came from.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>The hub's commit that was fetched, 40 hexadecimal digits; null for another source.</summary>
    public string? Commit { get; init; }

    /// <summary>What it is.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>Its files but import.json, by name (ordinal).</summary>
    public required IReadOnlyList<ImportedFile> Files { get; init; }

    /// <summary>When it was put in its place.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Bytes of all files.</summary>
    public long Size => Files.Sum(file => file.Size);

    /// <summary>Whether these are its files, byte for byte.</summary>
    public bool Holds(IEnumerable<ImportedFile> files) => Files.ToHashSet().SetEquals(files);
}

/// <summary>A file of an imported model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256, 64 lower-case hexadecimal digits.</param>
public sealed record ImportedFile(string Name, long Size, string Sha256);

/// <summary>Where a model comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FolderSource), "folder")]
[JsonDerivedType(typeof(HubSource), "hub")]
[JsonDerivedType(typeof(ArchiveSource), "archive")]
public abstract record ModelSource;

/// <summary>A folder of the machine.</summary>
public sealed record FolderSource : ModelSource
{
    /// <summary>Its path.</summary>
    public required string Path { get; init; }
}

/// <summary>A repository of a Hugging Face hub.</summary>
public sealed record HubSource : ModelSource
{
    /// <summary>Owner and name, google-bert/bert-base-uncased; old ones have no owner.</summary>
    public required string Repository { get; init; }

    /// <summary>A branch, a tag or a commit.</summary>
    public string Revision { get; init; } = "main";
}

/// <summary>An archive of a model's folder: .zip, .tar or .tar.gz.</summary>
public sealed record ArchiveSource : ModelSource
{
    /// <summary>The file's name, if it is known.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of the archive; null while it comes.</summary>
    public string? Sha256 { get; init; }
}
