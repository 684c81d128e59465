using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>One run's folder, held exclusively. Not thread-safe.</summary>
/// <remarks>
/// Under the output folder:
/// <code>
/// runs/{recipeHash}-{seed}/    recipe.json  events.jsonl  result.json  lock
/// stages/{stageHash}/          a stage's complete output and its own events.jsonl, shared by all runs (see StageStore)
/// </code>
/// Opening clears what a killed process was writing (<see cref="DurableFile.RemoveLeftovers"/>).
/// </remarks>
public sealed class RunDirectory : IDisposable
{
    private readonly ProcessLock _lock;

    private RunDirectory(string root, string runId, ProcessLock held)
    {
        RunId = runId;
        Folder = FolderOf(root, runId);
        Stages = new StageStore(root);
        _lock = held;
    }

    /// <summary>The run's identity, {recipeHash}-{seed}.</summary>
    public string RunId { get; }

    /// <summary>Absolute path of the run's folder.</summary>
    public string Folder { get; }

    /// <summary>The stages' outputs, shared by all runs of this output folder.</summary>
    public StageStore Stages { get; }

    /// <summary>Where the canonical recipe lies.</summary>
    public string RecipePath => Path.Combine(Folder, "recipe.json");

    /// <summary>Where the run's journal lies.</summary>
    public string JournalPath => JournalPathOf(Folder);

    /// <summary>Where the result lies; there only when the run is complete.</summary>
    public string ResultPath => Path.Combine(Folder, "result.json");

    /// <summary>Makes the run's folder if need be and takes its lock.</summary>
    /// <param name="root">The output folder (--out); made if need be.</param>
    /// <param name="runId">{recipeHash}-{seed}: letters, digits and hyphens.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.RunLocked"/>: another process works in it; the message names the process.</exception>
    public static RunDirectory Open(string root, string runId)
    {
        var folder = FolderOf(root, runId);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectorySync.FlushNames(Path.GetDirectoryName(folder)!);
            DirectorySync.FlushNames(Path.GetFullPath(root));
        }

        var held = ProcessLock.Take(Path.Combine(folder, "lock"), $"run {runId}");
        DurableFile.RemoveLeftovers(folder);
        return new RunDirectory(root, runId, held);
    }

    /// <summary>Where a run's folder lies, whether or not it is there. Takes no lock: for readers.</summary>
    public static string FolderOf(string root, string runId)
    {
        RequireName(runId, nameof(runId));
        return Path.Combine(Path.GetFullPath(root), "runs", runId);
    }

    /// <summary>Where the journal lies in a run's folder, for readers.</summary>
    public static string JournalPathOf(string runFolder) => Path.Combine(runFolder, "events.jsonl");

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Refuses what is no plain folder name, so that no hash from outside can lead out of the output folder.</summary>
    internal static void RequireName(string name, string parameter)
    {
        if (name.Length is 0 or > 128 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new ArgumentException($"'{name}' is not made of letters, digits and hyphens", parameter);
    }
}
