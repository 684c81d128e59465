using Microsoft.Win32.SafeHandles;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>The record of a run, one line of JSON an event, only ever appended to: the truth while an attempt runs.</summary>
/// <remarks>
/// An event is numbered, stamped, written to the operating system (so that it outlives this process), and only then shown to the
/// observers. It is <em>acknowledged</em> once fsynced (so that it outlives the machine): on the first event that comes a second or
/// more after the last fsync, and on <see cref="Sync"/>, which is called before each checkpoint is written.
/// Belongs to one thread, and to the process that holds the run directory's lock.
/// </remarks>
public sealed class RunJournal : IDisposable
{
    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<IRunObserver> _observers;
    private long _length;
    private long _syncedAt;

    private RunJournal(string path, TimeProvider clock, IReadOnlyList<IRunObserver> observers)
    {
        _path = path;
        _clock = clock;
        _observers = observers;
        _syncedAt = clock.GetTimestamp();
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Sequence of the last event; 0 if there is none.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Sequence of the last event that is sure to outlive a power cut.</summary>
    public long AcknowledgedSequence { get; private set; }

    /// <summary>Opens a journal to append to, making it if need be. A last line that a killed process left unfinished is cut off.</summary>
    /// <param name="path">The file (<see cref="RunDirectory.JournalPath"/>).</param>
    /// <param name="clock">Stamps the events and measures the time between fsyncs.</param>
    /// <param name="observers">Called for each event, in this order, once it is in the file. What one throws is thrown by <see cref="Append"/>.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: a line is not an event or the sequence has a gap; the message names the line.</exception>
    public static RunJournal Open(string path, TimeProvider clock, params IReadOnlyList<IRunObserver> observers)
    {
        var fullPath = Path.GetFullPath(path);
        var journal = new RunJournal(fullPath, clock, observers);
        try
        {
            journal.ReadBack();
            journal.Sync();
            DirectorySync.FlushNames(Path.GetDirectoryName(fullPath)!);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Numbers and stamps the event, appends it, then shows it to the observers.</summary>
    /// <returns>The event as journalled, with its sequence and time.</returns>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the event is not in the journal, which still ends with a whole line.</exception>
    public RunEvent Append(RunEvent runEvent)
    {
        var numbered = Write(runEvent);
        if (_clock.GetElapsedTime(_syncedAt) >= SyncInterval) Sync();
        Show(numbered);
        return numbered;
    }

    /// <summary>Appends events that happened before, each numbered, stamped and shown as by <see cref="Append"/>, with one fsync after the last.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the journal ends with the last event that found room.</exception>
    public void AppendAll(IEnumerable<RunEvent> events)
    {
        foreach (var runEvent in events) Show(Write(runEvent));
        Sync();
    }

    /// <summary>Makes every event so far durable.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.StorageFull"/>: the file system had promised room that it has not.</exception>
    public void Sync()
    {
        Guarded(wanted: 0, () => RandomAccess.FlushToDisk(_file));
        _syncedAt = _clock.GetTimestamp();
        AcknowledgedSequence = LastSequence;
    }

    /// <summary>Forgets, durably, the events after <paramref name="sequence"/>: what a resumed attempt will do again.</summary>
    /// <param name="sequence">The checkpoint's last sequence, >= 0.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: the journal ends before it, so acknowledged events were lost.</exception>
    public void TruncateTo(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        if (sequence > LastSequence)
        {
            throw new LabException(
                ProblemCode.ArtifactCorrupt,
                $"journal '{_path}' ends with event {LastSequence}, but its checkpoint was written after event {sequence}: the file was cut or replaced. Restore it from a copy, or delete it and start the run again: no result is lost.");
        }

        using (var reader = new JournalReader(_path))
        {
            reader.SkipTo(sequence);
            _length = reader.Bytes;
        }

        RandomAccess.SetLength(_file, _length);
        LastSequence = sequence;
        Sync();
    }

    /// <summary>Streams the events after <paramref name="sequence"/> of a journal that this or another process may be writing.</summary>
    /// <returns>Nothing if there is no file yet; ends before an unfinished last line.</returns>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>, on reaching a line that is not the next event.</exception>
    public static IEnumerable<RunEvent> ReadAfter(string path, long sequence)
    {
        if (!File.Exists(path)) yield break;
        using var reader = new JournalReader(path);
        if (!reader.SkipTo(sequence)) yield break;
        while (reader.Next() is { } runEvent) yield return runEvent;
    }

    /// <summary>Closes the file, after a last fsync if it is still needed.</summary>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        try
        {
            if (AcknowledgedSequence < LastSequence) Sync();
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Opens another journal under the same clock, watched by nobody.</summary>
    internal RunJournal OpenUnwatched(string path) => Open(path, _clock);

    private RunEvent Write(RunEvent runEvent)
    {
        var numbered = runEvent with { Sequence = LastSequence + 1, Time = _clock.GetUtcNow() };
        byte[] line = [.. RunEventJson.Write(numbered), (byte)'\n'];
        Guarded(line.Length, () => RandomAccess.Write(_file, line, _length));
        _length += line.Length;
        LastSequence = numbered.Sequence;
        return numbered;
    }

    private void Show(RunEvent numbered)
    {
        foreach (var observer in _observers) observer.On(numbered);
    }

    private void ReadBack()
    {
        using var reader = new JournalReader(_path);
        while (reader.Next() is not null) LastSequence = reader.Lines;
        _length = reader.Bytes;
        if (RandomAccess.GetLength(_file) > _length) RandomAccess.SetLength(_file, _length);
    }

    private void Guarded(long wanted, Action write)
    {
        try
        {
            write();
        }
        catch (IOException exception)
        {
            RandomAccess.SetLength(_file, _length); // no half line stays behind
            if (DiskSpace.Explain(exception, _path, wanted) is { } full) throw full;
            throw;
        }
    }
}
