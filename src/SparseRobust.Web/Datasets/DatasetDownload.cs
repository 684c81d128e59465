using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Datasets;

/// <summary>A file to fetch.</summary>
public sealed record StartDownload
{
    /// <summary>Where it is; the server's operator must have allowed its host.</summary>
    public required string Url { get; init; }

    /// <summary>The SHA-256 that the file, or what it unpacks to, must have.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The file's name; one of the split's own names is kept, else the preferred one is given. Without it, the name that the address ends in counts.</summary>
    public string? File { get; init; }

    /// <summary>Put it in the place of one that was brought before.</summary>
    public bool Replace { get; init; }
}

/// <summary>A file that is or was fetched for a split.</summary>
public sealed record DatasetDownload
{
    public required string Name { get; init; }

    public required string Split { get; init; }

    public required string Url { get; init; }

    /// <summary>Which the file, or what it unpacks to, must have.</summary>
    public required string Sha256 { get; init; }

    public string? File { get; init; }

    public bool Replace { get; init; }

    public required DownloadState State { get; init; }

    /// <summary>Bytes that are here.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes of the whole; absent while unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The server's process that fetches it.</summary>
    public required string Node { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Why it failed.</summary>
    public RunProblem? Problem { get; init; }
}

/// <summary>How far a download is.</summary>
public enum DownloadState
{
    /// <summary>Bytes come, or are waited for.</summary>
    Fetching,

    /// <summary>All is here and is read.</summary>
    Checking,

    /// <summary>The server ended meanwhile. Started again it goes on with what came.</summary>
    Interrupted,

    /// <summary>See the problem. Started again it goes on with what came, unless that was wrong.</summary>
    Failed,

    /// <summary>The file is in its place.</summary>
    Succeeded,
}
