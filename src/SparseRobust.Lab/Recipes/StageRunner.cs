using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>Brings the stages of one run to completion, in order: reuses finished output, resumes a started stage, runs the rest.</summary>
internal sealed class StageRunner(RunDirectory directory, RunJournal journal, Materials materials, long seed, TrainingCadence cadence, string deviceName, CancellationToken cancellation)
{
    private readonly Device _device = device(deviceName);

    // Stages whose events so far are in the journal already, whole or up to the checkpoint.
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    // The lock of the stage at which this attempt goes on, from when the journal was cut to its checkpoint until that stage is done.
    private (string Hash, IDisposable Lock)? _claim;

    public RunResult Execute(RunRecipe recipe)
    {
        var stages = recipe.Paradigm.Stages(recipe);
        if (File.Exists(directory.ResultPath))
        {
            var finished = LabJson.Read<RunResult>(directory.ResultPath);
            if (finished.Stages.Select(stage => stage.Hash).SequenceEqual(stages.Select(HashOf)))
                return Answer(finished, stages);
            // The recipe is the same but the data is not: what was measured then no longer stands.
            File.Delete(directory.ResultPath);
            journal.TruncateTo(0);
        }
        try
        {
            RewindJournal(stages);
            return Execute(recipe, stages);
        }
        finally
        {
            _claim?.Lock.Dispose();
        }
    }

    private RunResult Answer(RunResult finished, IReadOnlyList<StageSpec> stages)
    {
        // Somebody deleted the journal; the stages have their part of it still.
        if (journal.LastSequence == 0)
            foreach (var stage in stages.Where(stage => directory.Stages.IsComplete(HashOf(stage))))
                Reuse(stage, HashOf(stage));
        // A kill between the result and the journal's last line.
        if (RunJournal.ReadAfter(directory.JournalPath, Math.Max(0, journal.LastSequence - 1)).LastOrDefault() is not RunFinished)
            journal.Append(new RunFinished(finished.WallSeconds));
        return finished;
    }

    private RunResult Execute(RunRecipe recipe, IReadOnlyList<StageSpec> stages)
    {
        var started = Stopwatch.StartNew();
        journal.Append(new RunStarted(directory.RunId, seed, stages.Count, deviceName));
        foreach (var note in materials.TakeNotes())
            journal.Append(new Noted("data", note));
        List<StageResult> results = [.. stages.Select(Execute)];
        var result = new RunResult
        {
            RunId = directory.RunId,
            RecipeHash = RecipeHash.Of(recipe),
            Seed = seed,
            GitCommit = GitCommit(),
            Device = deviceName,
            Engine = Engine.Report().Summary,
            Datasets = materials.Uses,
            PretrainedModel = materials.PretrainedUse,
            Stages = results,
            LiveTensors = Engine.LiveTensors,
            WallSeconds = started.Elapsed.TotalSeconds,
        };
        DurableFile.Write(directory.ResultPath, JsonSerializer.Serialize(result, LabJson.Options));
        journal.Append(new RunFinished(result.WallSeconds));
        journal.Sync();
        return result;
    }

    private string HashOf(StageSpec stage) => RecipeHash.Of(stage, seed, materials.Identities, materials.BiasSource?.Sha256);

    /// <summary>Cuts the journal to what it tells of this recipe's stages from the first on, each whole but for the last, which ends at its checkpoint.</summary>
    /// <remarks>What comes after is told again: by the stages' own journals, or by the stages as they go on.</remarks>
    private void RewindJournal(IReadOnlyList<StageSpec> stages)
    {
        var contents = JournalContents.Read(directory.JournalPath);
        var keep = 0L;
        foreach (var hash in stages.Select(HashOf))
        {
            var isWhole = directory.Stages.IsComplete(hash) || ClaimUnlessWhole(hash);
            if ((isWhole ? EndOfWhole(hash, contents) : EndAtCheckpoint(hash, contents)) is not { } end || end < keep)
                break;
            keep = end;
            _told.Add(hash);
            if (!isWhole)
                break;
        }
        journal.TruncateTo(keep);
    }

    /// <summary>Takes the lock of a stage that is not there yet, so that its checkpoint stays as it is seen now; true when the output turns out to be there.</summary>
    private bool ClaimUnlessWhole(string hash)
    {
        if (directory.Stages.TryLock(hash) is not { } held)
            return false;
        PublishIfWhole(hash);
        if (!directory.Stages.IsComplete(hash))
        {
            _claim = (hash, held);
            return false;
        }
        held.Dispose();
        return true;
    }

    private long? EndOfWhole(string hash, JournalContents contents) =>
        contents.EndOf(hash, isOwn: StageRecord.Load(directory.Stages.Path(hash))!.RunId == directory.RunId);

    // Without the claim another process is at the stage, and the checkpoint is that one's.
    private long? EndAtCheckpoint(string hash, JournalContents contents) =>
        _claim is not null && Checkpoint.Position(directory.Stages.WorkPath(hash)) is { } checkpoint && checkpoint.RunId == directory.RunId && contents.Reaches(checkpoint, hash)
            ? checkpoint.RunSequence
            : null;

    private StageResult Execute(StageSpec stage)
    {
        var hash = HashOf(stage);
        using var stageLock = LockOf(stage, hash);
        PublishIfWhole(hash);
        var reused = directory.Stages.IsComplete(hash);
        if (reused)
            Reuse(stage, hash);
        else
            Make(stage, hash);
        return ResultOf(stage, hash, reused);
    }

    private IDisposable LockOf(StageSpec stage, string hash)
    {
        if (_claim is { } claim && claim.Hash == hash)
        {
            _claim = null;
            return claim.Lock;
        }
        if (directory.Stages.TryLock(hash) is { } free)
            return free;
        // Another process is at the same stage: wait for it rather than repeat it.
        journal.Append(new Noted(stage.Name, $"Another process is at stage {hash}; waiting for its output."));
        return directory.Stages.Lock(hash, cancellation);
    }

    /// <summary>Tells of a stage that is there, with the events it kept unless the journal has them already.</summary>
    private void Reuse(StageSpec stage, string hash)
    {
        var folder = directory.Stages.Path(hash);
        var kept = RunJournal.ReadAfter(StageJournal.PathIn(folder), 0).ToList();
        var totalSteps = kept.OfType<StageStarted>().LastOrDefault()?.TotalSteps ?? TrainingOutcome.Load(folder)?.TotalSteps ?? 0;
        List<RunEvent> unseen = _told.Contains(hash) ? []
            : kept.Count > 0 ? [.. kept.Where(StageJournal.IsOfCurve)]
            : [new Noted(stage.Name, $"The measurements of stage {hash} were not kept with it; its result is not affected.")];
        journal.Append(new StageReused(stage.Name, hash, totalSteps, unseen.Count));
        journal.AppendAll(unseen);
    }

    private void Make(StageSpec stage, string hash)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var work = directory.Stages.BeginWork(hash);
        using (var events = StageJournal.Open(journal, work, stage.Name, hash))
        {
            events.GoOnFrom(Checkpoint.Position(work), isInRun: _told.Contains(hash));
            stage.Run(ContextOf(work, events));
            events.Append(new StageFinished(stage.Name, hash, clock.Elapsed.TotalSeconds));
            events.Sync();
        }
        var record = new StageRecord(
            stage.Name, hash, stage.UsesSeed ? seed : null, clock.Elapsed.TotalSeconds, deviceName, Engine.Report().Summary, GitCommit(), directory.RunId, journal.LastSequence, StageRecord.HashesOf(work));
        DurableFile.Write(Path.Combine(work, StageStore.StageFile), JsonSerializer.Serialize(record, LabJson.Options));
        PublishIfWhole(hash);
    }

    private StageContext ContextOf(string work, StageJournal events) => new()
    {
        Materials = materials,
        Seed = seed,
        Device = _device,
        Journal = events,
        RunId = directory.RunId,
        Cadence = cadence,
        WorkFolder = work,
        OutputOf = input => directory.Stages.Path(HashOf(input)),
        Cancellation = cancellation,
    };

    /// <summary>Makes a work folder whose stage.json is written the stage's output. A kill before this costs nothing: the next attempt publishes it.</summary>
    private void PublishIfWhole(string hash)
    {
        var work = directory.Stages.WorkPath(hash);
        if (directory.Stages.IsComplete(hash) || StageRecord.Load(work) is null)
            return;
        Checkpoint.Discard(work);
        directory.Stages.Complete(hash);
    }

    private StageResult ResultOf(StageSpec stage, string hash, bool reused)
    {
        var folder = directory.Stages.Path(hash);
        var record = StageRecord.Load(folder)!;
        var scores = Path.Combine(folder, EvaluateStage.FileName);
        var masks = Path.Combine(folder, MaskFile.Name);
        return new StageResult(
            stage.Name, hash, reused, record.WallSeconds,
            File.Exists(masks) ? MaskFile.Load(masks).EncoderSparsity : null,
            File.Exists(scores) ? LabJson.Read<List<Score>>(scores) : []);
    }

    // The SDK appends "+commit" to the informational version when it builds inside a git checkout.
    private static string GitCommit() =>
        typeof(StageRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : "unknown";
}
