using System.Collections.Concurrent;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>One split of a known dataset: found and read, or why not.</summary>
/// <param name="Name">Dataset name: mnli, hans, hans-regenerated, shortcut-nli, ...</param>
/// <param name="Split">Split name.</param>
/// <param name="PublishedRows">Rows of the published split, or null when unknown.</param>
public sealed record DatasetListing(string Name, string Split, int? PublishedRows)
{
    /// <summary>Rows read; 0 when <see cref="Problem"/> is set.</summary>
    public int Rows { get; init; }

    /// <summary>Share of rows per class name, in the order of the class ids; they add up to 1. Empty for a graded set, and when <see cref="Problem"/> is set.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> LabelShares { get; init; } = [];

    /// <summary>Rows left out because they were broken.</summary>
    public IReadOnlyList<BrokenRow> BrokenRows { get; init; } = [];

    /// <summary>Rows left out for want of a gold label.</summary>
    public int UnlabelledRows { get; init; }

    /// <summary>Lower-case hex SHA-256 of the decompressed file or of the generator's settings; null when <see cref="Problem"/> is set.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The file read; null for generated data, and when <see cref="Problem"/> is set.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The published split that this is or would be; null for generated data.</summary>
    public PublishedSplit? Published { get; init; }

    /// <summary>Why the split cannot be used: DatasetMissing or DatasetInvalid. Null when it can.</summary>
    public LabException? Problem { get; init; }

    internal static DatasetListing Of(Dataset dataset) => new(dataset.Name, dataset.Split, dataset.PublishedRows)
    {
        Rows = dataset.Examples.Count,
        LabelShares = dataset.Labels.IsRegression ? []
            : [.. dataset.LabelCounts().Select((count, id) => KeyValuePair.Create(dataset.Labels.Names[id], (double)count / Math.Max(1, dataset.Examples.Count)))],
        BrokenRows = dataset.BrokenRows,
        UnlabelledRows = dataset.UnlabelledRows,
        Sha256 = dataset.Sha256,
        SourcePath = dataset.SourcePath,
    };
}

/// <summary>What data there is: every split the laboratory knows, looked for in the data folders and read whole. Safe to call from several threads.</summary>
/// <remarks>A file that was read once in this process is not read again while its length and time of change stay the same.</remarks>
public static class DatasetCatalog
{
    private static readonly ConcurrentDictionary<(PublishedSplit Split, string Path), (long Length, DateTime Changed, DatasetListing Listing)> Read = new();

    /// <summary>Every published split that the laboratory can read.</summary>
    public static IReadOnlyList<PublishedSplit> Published { get; } =
    [
        Mnli.Train, Mnli.DevMatched, Mnli.DevMismatched, Hans.Evaluation, Hans.Train,
        Qqp.Train, Qqp.Dev, Paws.QqpTrain, Paws.QqpDevAndTest, Paws.WikiTrain, Paws.WikiDev, Paws.WikiTest,
        Fever.Train, Fever.Dev, FeverSymmetric.V1Generated, FeverSymmetric.V1Full, FeverSymmetric.V2Dev, FeverSymmetric.V2Test,
        FoolMeTwice.Train, FoolMeTwice.Dev, FoolMeTwice.Test, .. Glue.Splits,
    ];

    /// <summary>Lists the generated datasets, then the published ones.</summary>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static IReadOnlyList<DatasetListing> List(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var generated = new ShortcutNliTask().Load(folders, cancellation);
        IEnumerable<Dataset> splits = [generated.Train, generated.Dev, .. generated.OutOfDistribution.Select(set => set.Dataset)];
        return [.. splits.Select(DatasetListing.Of), .. ListPublished(folders, cancellation)];
    }

    /// <summary>Which published files there are, with lengths and times of change: while it stays the same, so does what is read from the folders.</summary>
    public static string Stamp(DatasetFolders folders) => Stamp(Published.Select(split => split.FileIn(folders)).OfType<string>());

    /// <summary>The same of some files, in the given order; one that is gone is said to be.</summary>
    public static string Stamp(IEnumerable<string> paths) => string.Join('\n', paths.Select(StampOf));

    /// <summary>What the built-in task's shortcut alone achieves, per split: the number a debiased model must not fall back to.</summary>
    public static IReadOnlyList<OverlapOnlyScore> OverlapOnly(DatasetFolders folders, CancellationToken cancellation) =>
        OverlapOnlyBaseline.Scores(new ShortcutNliTask().Load(folders, cancellation));

    /// <summary>The sets that a task's models are evaluated on, read whole: the dev set, then those out of distribution. Empty for a task without labelled rows.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static IReadOnlyList<Dataset> Evaluated(TaskSpec task, DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task is not LabelledTask labelled)
            return [];
        var data = labelled.Load(folders, cancellation);
        return [data.Dev, .. data.OutOfDistribution.Select(set => set.Dataset)];
    }

    /// <summary>Lists the published datasets.</summary>
    internal static IReadOnlyList<DatasetListing> ListPublished(DatasetFolders folders, CancellationToken cancellation) =>
        [.. Published.Select(split => ListOne(split, folders, cancellation))];

    private static string StampOf(string path) => new FileInfo(path) is { Exists: true } file ? $"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{path} is gone";

    private static DatasetListing ListOne(PublishedSplit split, DatasetFolders folders, CancellationToken cancellation)
    {
        if (split.FileIn(folders) is not { } path)
            return ReadOne(split, () => DatasetListing.Of(split.Load(folders, cancellation)));
        var file = new FileInfo(path);
        if (Read.TryGetValue((split, path), out var known) && known.Length == file.Length && known.Changed == file.LastWriteTimeUtc)
            return known.Listing;
        var listing = ReadOne(split, () => split.Inspect(path, cancellation));
        Read[(split, path)] = (file.Length, file.LastWriteTimeUtc, listing);
        return listing;
    }

    private static DatasetListing ReadOne(PublishedSplit split, Func<DatasetListing> read)
    {
        try
        {
            return read();
        }
        catch (LabException problem) when (problem.Code is ProblemCode.DatasetMissing or ProblemCode.DatasetInvalid)
        {
            return new DatasetListing(split.Name, split.Split, split.PublishedRows) { Published = split, Problem = problem };
        }
    }
}
