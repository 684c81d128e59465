using System.Collections.Concurrent;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>The outputs of stages, each in a folder named by its stage's hash and shared by all runs. Thread-safe.</summary>
/// <remarks>
/// <code>
/// stages/{stageHash}/         complete: stage.json, events.jsonl and files, never changed again
/// stages/{stageHash}.work/    in the making; kept when a process dies, so that a checkpoint in it can be resumed
/// stages/{stageHash}.lock     held by the process that works in .work
/// </code>
/// Order of work: <see cref="TryLock"/>, <see cref="IsComplete"/> again, <see cref="BeginWork"/>, write files, write stage.json last
/// (with <see cref="DurableFile"/>), <see cref="Complete"/>, release the lock.
/// </remarks>
public sealed class StageStore
{
    /// <summary>The file that a stage writes last; its fields are the stage's affair.</summary>
    public const string StageFile = "stage.json";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, ProcessLock> _held = new(StringComparer.Ordinal);

    /// <summary>Opens the store; its folder is made when the first stage begins.</summary>
    /// <param name="root">The output folder (--out).</param>
    public StageStore(string root) => _folder = System.IO.Path.Combine(System.IO.Path.GetFullPath(root), "stages");

    /// <summary>Where the stage's complete output lies, whether or not it is there.</summary>
    public string Path(string stageHash)
    {
        RunDirectory.RequireName(stageHash, nameof(stageHash));
        return System.IO.Path.Combine(_folder, stageHash);
    }

    /// <summary>Whether the stage's output is there.</summary>
    public bool IsComplete(string stageHash) => File.Exists(System.IO.Path.Combine(Path(stageHash), StageFile));

    /// <summary>Takes the right to work on the stage, or returns null at once if somebody has it. Dispose to release.</summary>
    public IDisposable? TryLock(string stageHash)
    {
        var path = Path(stageHash) + ".lock";
        Directory.CreateDirectory(_folder);
        if (ProcessLock.TryTake(path) is not { } taken) return null;
        _held[stageHash] = taken;
        return new Held(this, stageHash, taken);
    }

    /// <summary>Waits for the right to work on the stage: another run may be doing it. Ask <see cref="IsComplete"/> afterwards.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public IDisposable Lock(string stageHash, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryLock(stageHash) is { } held) return held;
            cancellationToken.WaitHandle.WaitOne(PollInterval);
        }
    }

    /// <summary>Gives the folder to work in, with what an attempt before left there (half-written files excepted).</summary>
    /// <exception cref="InvalidOperationException">The stage's lock is not held through this store.</exception>
    public string BeginWork(string stageHash)
    {
        RequireHeld(stageHash);
        var work = WorkPath(stageHash);
        Directory.CreateDirectory(work);
        DurableFile.RemoveLeftovers(work);
        return work;
    }

    /// <summary>Makes the work folder the stage's output, durably and at once. Does nothing when the output is there already.</summary>
    /// <remarks>If the output has appeared meanwhile (another machine whose file system does not share locks, or an import),
    /// it stands and the work folder is discarded: equal hashes mean equal outputs.</remarks>
    /// <exception cref="InvalidOperationException">The lock is not held, or the work folder lacks stage.json.</exception>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the disk filled up while flushing; the work folder is kept.</exception>
    public void Complete(string stageHash)
    {
        RequireHeld(stageHash);
        var work = WorkPath(stageHash);
        if (!IsComplete(stageHash)) Publish(stageHash, work);
        if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
    }

    /// <summary>Deletes what an unfinished attempt left, so that the stage begins anew.</summary>
    /// <exception cref="InvalidOperationException">The lock is not held.</exception>
    public void DiscardWork(string stageHash)
    {
        RequireHeld(stageHash);
        if (Directory.Exists(WorkPath(stageHash))) Directory.Delete(WorkPath(stageHash), recursive: true);
    }

    private void Publish(string stageHash, string work)
    {
        if (!File.Exists(System.IO.Path.Combine(work, StageFile)))
            throw new InvalidOperationException($"stage {stageHash} is not complete: '{work}' has no {StageFile}");
        var output = Path(stageHash);
        try
        {
            DirectorySync.FlushTree(work);
            if (Directory.Exists(output)) Directory.Delete(output, recursive: true); // without stage.json: damaged by hand
            Directory.Move(work, output);
            DirectorySync.FlushNames(_folder);
        }
        catch (IOException exception) when (DiskSpace.Explain(exception, work, wanted: 0) is { } full)
        {
            throw full;
        }
        catch (IOException) when (IsComplete(stageHash))
        {
            // Somebody else's output arrived between the question and the rename; the caller discards ours.
        }
    }

    private void RequireHeld(string stageHash)
    {
        if (!_held.ContainsKey(stageHash)) throw new InvalidOperationException($"stage {stageHash} is not locked by this store; call TryLock first");
    }

    /// <summary>Where an unfinished attempt of a stage keeps its files.</summary>
    public string WorkPath(string stageHash) => Path(stageHash) + ".work";

    private sealed class Held(StageStore store, string stageHash, ProcessLock taken) : IDisposable
    {
        public void Dispose()
        {
            store._held.TryRemove(KeyValuePair.Create(stageHash, taken));
            taken.Dispose();
        }
    }
}
