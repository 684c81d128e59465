namespace SparseRobust.Lab.Runs;

/// <summary>What a run's journal holds of each stage, as an earlier attempt left it.</summary>
internal sealed class JournalContents
{
    // Where a stage was told of to its end for the first time: what a later attempt says of it is no news, and may lie behind another stage's events.
    private readonly Dictionary<string, long> _finished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _reused = new(StringComparer.Ordinal);
    private readonly List<(long Sequence, string? Begun)> _marks = [];
    private long _last;

    /// <summary>Reads a journal; one that is not there holds nothing.</summary>
    public static JournalContents Read(string path)
    {
        var contents = new JournalContents();
        StageReused? repeating = null;
        foreach (var runEvent in RunJournal.ReadAfter(path, 0))
        {
            if (runEvent is StageReused reused)
                repeating = reused;
            else if (!StageJournal.IsOfCurve(runEvent))
                repeating = null; // the attempt ended amid the repetition
            // Only a repetition that came to its end counts.
            if (repeating is not null && runEvent.Sequence == repeating.Sequence + repeating.Replayed && !contents._finished.ContainsKey(repeating.StageHash))
                contents._reused.TryAdd(repeating.StageHash, runEvent.Sequence);
            contents.Mark(runEvent);
        }
        return contents;
    }

    /// <summary>Where the journal's events of a finished stage end; null unless it has them all.</summary>
    /// <param name="stageHash">The stage.</param>
    /// <param name="isOwn">Whether this run made the output that is there now.</param>
    public long? EndOf(string stageHash, bool isOwn)
    {
        if (_reused.TryGetValue(stageHash, out var reused))
            return reused;
        return isOwn && _finished.TryGetValue(stageHash, out var finished) ? finished : null;
    }

    /// <summary>Whether the journal has what its run had told of a begun stage when it wrote this checkpoint.</summary>
    public bool Reaches(JournalPosition checkpoint, string stageHash) =>
        checkpoint.RunSequence <= _last && _marks.LastOrDefault(mark => mark.Sequence <= checkpoint.RunSequence).Begun == stageHash;

    private void Mark(RunEvent runEvent)
    {
        _last = runEvent.Sequence;
        if (runEvent is StageFinished finished)
            _finished.TryAdd(finished.StageHash, finished.Sequence);
        if (runEvent is StageStarted or StageReused or StageFinished)
            _marks.Add((runEvent.Sequence, (runEvent as StageStarted)?.StageHash));
    }
}
