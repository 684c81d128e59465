using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Pretrained;

/// <summary>POST /api/v1/models/import.</summary>
public sealed record StartModelImport
{
    /// <summary>A folder of the server's machine, or a hub's repository; an archive is sent instead.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>What the model will be called here: letters, digits, dots, underscores and hyphens.</summary>
    public required string Name { get; init; }
}

/// <summary>A pre-trained model that is being brought, or was.</summary>
public sealed record ModelImport
{
    /// <summary>The model's name: there is one import a name.</summary>
    public required string Id { get; init; }

    public required ModelSource Source { get; init; }

    /// <summary>The hub's commit, as soon as it is known; what goes on later fetches the same.</summary>
    public string? Commit { get; init; }

    public required ImportState State { get; init; }

    /// <summary>Whether the same import, started again, goes on with what came.</summary>
    public bool Resumable { get; init; }

    /// <summary>Bytes that are here.</summary>
    public long DoneBytes { get; init; }

    /// <summary>Bytes of the whole; absent while unknown.</summary>
    public long? TotalBytes { get; init; }

    public IReadOnlyList<ImportProgress> Files { get; init; } = [];

    /// <summary>The server's process that brings it.</summary>
    public required string Node { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Why it failed.</summary>
    public RunProblem? Problem { get; init; }

    internal bool IsUnderWay => State is ImportState.Preparing or ImportState.Fetching or ImportState.Checking;
}

/// <summary>How far a file is.</summary>
public sealed record ImportProgress
{
    public required string Name { get; init; }

    public long DoneBytes { get; init; }

    /// <summary>Absent while unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Its SHA-256 once it is whole and verified.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>How far an import is.</summary>
public enum ImportState
{
    /// <summary>The source is asked what there is.</summary>
    Preparing,

    /// <summary>Bytes come, or are waited for.</summary>
    Fetching,

    /// <summary>All is here and is looked at.</summary>
    Checking,

    /// <summary>The server ended meanwhile.</summary>
    Interrupted,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>See the problem.</summary>
    Failed,

    /// <summary>The model is in its place.</summary>
    Succeeded,
}
