namespace SparseRobust.Lab.Data;

/// <summary>A split of a published dataset: what it is called, how large it is, where it may lie, how it is read. Immutable and thread-safe.</summary>
public sealed class PublishedSplit
{
    private readonly Func<string, CancellationToken, Dataset> _read;

    internal PublishedSplit(string name, string split, int publishedRows, string title, IReadOnlyList<string> files, Func<string, CancellationToken, Dataset> read) =>
        (Name, Split, PublishedRows, Title, Files, _read) = (name, split, publishedRows, title, files, read);

    internal PublishedSplit(string name, string split, int publishedRows, IReadOnlyList<string> files, RowFormat format)
        : this(name, split, publishedRows, $"{format.Title} {split.Replace('_', ' ')}", files, (path, cancellation) => format.Read(path, name, split, cancellation))
    {
    }

    /// <summary>Dataset name as scores show it.</summary>
    public string Name { get; }

    /// <summary>Split name as scores show it.</summary>
    public string Split { get; }

    /// <summary>Rows of the split as published; a file may hold fewer.</summary>
    public int PublishedRows { get; }

    /// <summary>For people: "MNLI train".</summary>
    public string Title { get; }

    /// <summary>Where it may lie below a data folder, the preferred first; each also gzipped.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Finds the file and reads it whole.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public Dataset Load(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find(Title, Files), cancellation);
    }

    /// <summary>As <see cref="Load"/>, but null when there is no file.</summary>
    internal Dataset? LoadIfThere(DatasetFolders folders, CancellationToken cancellation) =>
        folders.TryFind(Files) is { } path ? Read(path, cancellation) : null;

    /// <summary>Reads one file in whichever of the dataset's formats it is.</summary>
    internal Dataset Read(string path, CancellationToken cancellation) => _read(path, cancellation) with { PublishedRows = PublishedRows };
}
