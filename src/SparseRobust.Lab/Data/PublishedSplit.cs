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

    /// <summary>The file that <see cref="Load"/> would read; null when there is none.</summary>
    public string? FileIn(DatasetFolders folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return folders.TryFind(Files);
    }

    /// <summary>Reads a file whole, wherever it lies, and says what is in it.</summary>
    /// <param name="path">The file, plain or gzipped. A dataset that tells its variants by the file's name (HANS) does so here too.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="Errors.LabException">DatasetInvalid, naming the file.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public DatasetListing Inspect(string path, CancellationToken cancellation) => DatasetListing.Of(Read(path, cancellation)) with { Published = this };

    /// <summary>As <see cref="Load"/>, but null when there is no file.</summary>
    internal Dataset? LoadIfThere(DatasetFolders folders, CancellationToken cancellation) =>
        FileIn(folders) is { } path ? Read(path, cancellation) : null;

    /// <summary>Reads one file in whichever of the dataset's formats it is.</summary>
    internal Dataset Read(string path, CancellationToken cancellation) => _read(path, cancellation) with { PublishedRows = PublishedRows };
}
