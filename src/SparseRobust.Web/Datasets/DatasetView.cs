using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Datasets;

/// <summary>A split of a dataset as REST and pages show it.</summary>
public sealed record DatasetView
{
    /// <summary>Most broken rows that are listed; their count is always whole.</summary>
    public const int MostBrokenRows = 100;

    public required string Name { get; init; }

    public required string Split { get; init; }

    public required DatasetState State { get; init; }

    /// <summary>Rows read; absent unless found or used.</summary>
    public int? Rows { get; init; }

    /// <summary>Rows of the published split; absent for generated data.</summary>
    public int? PublishedRows { get; init; }

    /// <summary>Share of rows by class; they add up to 1.</summary>
    public IReadOnlyDictionary<string, double>? LabelShares { get; init; }

    /// <summary>Share of the largest class: what guessing it always would score.</summary>
    public double? MajorityShare { get; init; }

    /// <summary>Rows left out because they were broken.</summary>
    public int? BrokenRowCount { get; init; }

    /// <summary>The first hundred, each with its line and what is wrong.</summary>
    public IReadOnlyList<BrokenRow>? BrokenRows { get; init; }

    /// <summary>Rows left out for want of a gold label.</summary>
    public int? UnlabelledRows { get; init; }

    /// <summary>Of data that runs used: rows left out of the training set because an evaluation set holds them, or their claim.</summary>
    public int? WithheldRows { get; init; }

    /// <summary>Of the decompressed file, or of the generator's settings.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The file; absent for generated data.</summary>
    public string? Path { get; init; }

    /// <summary>The names it is looked for by below each data folder, the preferred first; each also with .gz. Absent for generated data.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }

    /// <summary>Why it cannot be used, and what to do.</summary>
    public RunProblem? Problem { get; init; }

    /// <summary>How many runs that are here used exactly this content.</summary>
    public long RunCount { get; init; }

    public DateTimeOffset? FirstUsedAt { get; init; }

    internal static DatasetView Of(DatasetListing listing, DatasetUseRow? use) => new()
    {
        Name = listing.Name,
        Split = listing.Split,
        State = listing.Problem switch { null => DatasetState.Found, { Code: ProblemCode.DatasetMissing } => DatasetState.Missing, _ => DatasetState.Invalid },
        Rows = listing.Problem is null ? listing.Rows : null,
        PublishedRows = listing.PublishedRows,
        LabelShares = listing.Problem is null ? listing.LabelShares.ToDictionary() : null,
        MajorityShare = listing.LabelShares.Count > 0 ? listing.LabelShares.Max(share => share.Value) : null,
        BrokenRowCount = listing.Problem is null ? listing.BrokenRows.Count : null,
        BrokenRows = listing.Problem is null ? [.. listing.BrokenRows.Take(MostBrokenRows)] : null,
        UnlabelledRows = listing.Problem is null ? listing.UnlabelledRows : null,
        Sha256 = listing.Sha256,
        Path = listing.SourcePath,
        FileNames = listing.Published?.Files,
        Problem = listing.Problem is { } problem ? new RunProblem(problem.Code.ToString(), problem.Message) : null,
        RunCount = use?.Runs ?? 0,
        FirstUsedAt = use?.FirstUsedAt,
    };

    internal static DatasetView Of(DatasetUseRow use) => new()
    {
        Name = use.Name,
        Split = use.Split,
        State = DatasetState.Used,
        Rows = use.Rows,
        PublishedRows = use.PublishedRows,
        MajorityShare = use.MajorityShare,
        BrokenRowCount = use.BrokenRows,
        WithheldRows = use.WithheldRows,
        Sha256 = use.Sha256,
        RunCount = use.Runs,
        FirstUsedAt = use.FirstUsedAt,
    };
}

/// <summary>Whether a dataset is there.</summary>
public enum DatasetState
{
    /// <summary>Read whole.</summary>
    Found,

    /// <summary>In none of the folders.</summary>
    Missing,

    /// <summary>There, but not of its format or with too many broken rows.</summary>
    Invalid,

    /// <summary>Content that runs used and that is not among what was looked for: other settings, another file, another machine.</summary>
    Used,
}

/// <summary>What data there is, and where it was looked for.</summary>
public sealed record DatasetsView(IReadOnlyList<DatasetView> Items, IReadOnlyList<string> Folders);
