namespace SparseRobust.Lab.Runs;

/// <summary>What a stage tells its events to: the stage's own journal, kept with its output, and the journal of the run that is at it.</summary>
/// <remarks>
/// The stage's journal outlives the run: from it another run that goes on with the stage, or reuses its output, repeats the events it
/// did not see. Belongs to one thread, and to the process that holds the stage's lock.
/// </remarks>
internal sealed class StageJournal : IDisposable
{
    /// <summary>The stage's own journal in its folder; no part of the output's identity, since events carry times.</summary>
    public const string FileName = "events.jsonl";

    private readonly RunJournal _run;
    private readonly RunJournal _own;
    private readonly string _path;
    private readonly string _stage;
    private readonly string _hash;
    private IReadOnlyList<RunEvent> _unseen = [];
    private bool _curveIsCut;

    private StageJournal(RunJournal run, RunJournal own, string path, string stage, string hash) =>
        (_run, _own, _path, _stage, _hash) = (run, own, path, stage, hash);

    /// <summary>The stage's name.</summary>
    public string Stage => _stage;

    /// <summary>Sequence of the last event in the run's journal.</summary>
    public long RunSequence => _run.LastSequence;

    /// <summary>Sequence of the last event in the stage's journal.</summary>
    public long StageSequence => _own.LastSequence;

    /// <summary>Opens the stage's journal in its work folder; <see cref="GoOnFrom"/> comes next.</summary>
    public static StageJournal Open(RunJournal run, string workFolder, string stage, string stageHash)
    {
        var path = PathIn(workFolder);
        return new StageJournal(run, run.OpenUnwatched(path), path, stage, stageHash);
    }

    /// <summary>Where a stage's folder has its journal.</summary>
    public static string PathIn(string stageFolder) => Path.Combine(stageFolder, FileName);

    /// <summary>Whether an event belongs to the stage's curve, which other runs repeat; the rest tells of attempts.</summary>
    public static bool IsOfCurve(RunEvent runEvent) => runEvent is StepMeasured or Evaluated or Noted;

    /// <summary>Cuts the stage's journal back to the checkpoint.</summary>
    /// <param name="checkpoint">Where the attempt goes on; null when it begins anew.</param>
    /// <param name="isInRun">Whether the run's journal has the events up to there; if not, <see cref="Begin"/> repeats them.</param>
    public void GoOnFrom(JournalPosition? checkpoint, bool isInRun)
    {
        var wanted = checkpoint?.StageSequence ?? 0;
        var kept = Math.Min(wanted, _own.LastSequence);
        _own.TruncateTo(kept);
        _curveIsCut = checkpoint is not null && (checkpoint.StageSequence is null || kept < wanted);
        _unseen = isInRun ? [] : [.. RunJournal.ReadAfter(_path, 0).Where(IsOfCurve)];
    }

    /// <summary>Tells that the stage begins or goes on, and repeats to the run what it has not seen.</summary>
    public void Begin(int fromStep, int totalSteps)
    {
        Append(new StageStarted(_stage, _hash, fromStep, totalSteps));
        _run.AppendAll(_unseen);
        _unseen = [];
        if (_curveIsCut)
            Append(new Noted(_stage, $"The measurements of this stage before step {fromStep} were not kept with it; its result is not affected."));
    }

    /// <summary>Appends the event to both journals.</summary>
    public void Append(RunEvent runEvent)
    {
        _own.Append(runEvent);
        _run.Append(runEvent);
    }

    /// <summary>Makes both journals durable.</summary>
    public void Sync()
    {
        _own.Sync();
        _run.Sync();
    }

    public void Dispose() => _own.Dispose();
}
