using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>Brings the stages of one run to completion, in order: reuses finished output, resumes a started stage, runs the rest.</summary>
internal sealed class StageRunner(RunDirectory directory, RunJournal journal, Materials materials, long seed, TrainingCadence cadence, string deviceName, CancellationToken cancellation)
{
    private readonly Device _device = device(deviceName);

    public RunResult Execute(RunRecipe recipe)
    {
        var started = Stopwatch.StartNew();
        var stages = recipe.Paradigm.Stages(recipe);
        if (File.Exists(directory.ResultPath))
        {
            var finished = Read<RunResult>(directory.ResultPath);
            if (finished.Stages.Select(stage => stage.Hash).SequenceEqual(stages.Select(HashOf)))
                return finished;
            // The recipe is the same but the data is not: what was measured then no longer stands.
            File.Delete(directory.ResultPath);
            journal.TruncateTo(0);
        }
        RewindJournal(stages);
        journal.Append(new RunStarted(directory.RunId, seed, stages.Count, deviceName));
        List<StageResult> results = [.. stages.Select(Execute)];
        var result = new RunResult
        {
            RunId = directory.RunId,
            RecipeHash = RecipeHash.Of(recipe),
            Seed = seed,
            GitCommit = GitCommit(),
            Device = deviceName,
            Engine = Engine.Report().Summary,
            Datasets = Uses(),
            Stages = results,
            LiveTensors = Engine.LiveTensors,
            WallSeconds = started.Elapsed.TotalSeconds,
        };
        DurableFile.Write(directory.ResultPath, JsonSerializer.Serialize(result, LabJson.Options));
        journal.Append(new RunFinished(result.WallSeconds));
        journal.Sync();
        return result;
    }

    private string HashOf(StageSpec stage) => RecipeHash.Of(stage, seed, materials.Identities);

    /// <summary>Drops events after the point this attempt goes on from: where the last stage of this recipe that is done ended, or the checkpoint of the next.</summary>
    private void RewindJournal(IReadOnlyList<StageSpec> stages)
    {
        var reused = RunJournal.ReadAfter(directory.JournalPath, 0).OfType<StageReused>().ToLookup(e => e.StageHash, e => e.Sequence);
        var keep = 0L;
        foreach (var hash in stages.Select(HashOf))
        {
            if (Finished(hash) is { } record)
            {
                keep = Math.Max(keep, record.RunId == directory.RunId ? record.JournalSequence : reused[hash].DefaultIfEmpty(0).Max());
                continue;
            }
            keep = Math.Max(keep, Checkpoint.JournalSequence(directory.Stages.WorkPath(hash), directory.RunId) ?? 0);
            break;
        }
        var lost = keep - journal.LastSequence;
        journal.TruncateTo(Math.Min(journal.LastSequence, keep));
        if (lost > 0)
            journal.Append(new Noted("run", $"The journal was shorter than the files say: {lost} events up to sequence {keep} are lost; the results are not affected."));
    }

    private StageResult Execute(StageSpec stage)
    {
        var hash = HashOf(stage);
        // Another process may be at the same stage: wait for it rather than repeat it.
        using var stageLock = directory.Stages.TryLock(hash) ?? WaitFor(stage, hash);
        if (!directory.Stages.IsComplete(hash) && Finished(hash) is not null)
            Publish(hash);
        var reused = directory.Stages.IsComplete(hash);
        if (reused)
            journal.Append(new StageReused(stage.Name, hash));
        else
            Make(stage, hash);
        return ResultOf(stage, hash, reused);
    }

    private IDisposable WaitFor(StageSpec stage, string hash)
    {
        journal.Append(new Noted(stage.Name, $"Another process is at stage {hash}; waiting for its output."));
        return directory.Stages.Lock(hash, cancellation);
    }

    private void Make(StageSpec stage, string hash)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var work = directory.Stages.BeginWork(hash);
        stage.Run(new StageContext
        {
            Materials = materials,
            Seed = seed,
            Device = _device,
            Journal = journal,
            RunId = directory.RunId,
            Cadence = cadence,
            WorkFolder = work,
            StageHash = hash,
            OutputOf = input => directory.Stages.Path(HashOf(input)),
            Cancellation = cancellation,
        });
        var wallSeconds = clock.Elapsed.TotalSeconds;
        journal.Append(new StageFinished(stage.Name, hash, wallSeconds));
        journal.Sync();
        var record = new StageRecord(
            stage.Name, hash, stage.UsesSeed ? seed : null, wallSeconds, deviceName, Engine.Report().Summary, GitCommit(), directory.RunId, journal.LastSequence, Files(work));
        DurableFile.Write(Path.Combine(work, StageStore.StageFile), JsonSerializer.Serialize(record, LabJson.Options));
        Publish(hash);
    }

    /// <summary>Makes a work folder whose stage.json is written the stage's output. A kill before this costs nothing: the next attempt publishes it.</summary>
    private void Publish(string hash)
    {
        Checkpoint.Discard(directory.Stages.WorkPath(hash));
        directory.Stages.Complete(hash);
    }

    /// <summary>The record of a stage whose output is whole, published or not; null while there is none.</summary>
    private StageRecord? Finished(string hash)
    {
        var folder = directory.Stages.IsComplete(hash) ? directory.Stages.Path(hash) : directory.Stages.WorkPath(hash);
        var path = Path.Combine(folder, StageStore.StageFile);
        return File.Exists(path) ? Read<StageRecord>(path) : null;
    }

    private static SortedDictionary<string, string> Files(string folder) => new(
        Directory.GetFiles(folder).Where(path => !Checkpoint.IsCheckpointFile(path)).ToDictionary(path => Path.GetFileName(path), ContentHash.OfFile), StringComparer.Ordinal);

    private StageResult ResultOf(StageSpec stage, string hash, bool reused)
    {
        var folder = directory.Stages.Path(hash);
        var record = Finished(hash)!;
        var scores = Path.Combine(folder, EvaluateStage.FileName);
        var masks = Path.Combine(folder, MaskFile.Name);
        return new StageResult(
            stage.Name, hash, reused, record.WallSeconds,
            File.Exists(masks) ? MaskFile.Load(masks).EncoderSparsity : null,
            File.Exists(scores) ? Read<List<Score>>(scores) : []);
    }

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), LabJson.Options)
                ?? throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} is null.");
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} cannot be read: {e.Message} Delete its folder to make the stage again.", e);
        }
    }

    private IReadOnlyList<DatasetUse> Uses() =>
        [.. new[] { materials.Train, materials.Dev }.Concat(materials.OutOfDistribution).Select(data => new DatasetUse(
            data.Dataset.Name, data.Dataset.Split, data.Dataset.Sha256, data.Count, data.Dataset.PublishedRows, data.Dataset.BrokenRows.Count,
            data.TruncatedRows, data.Dataset.LabelCounts().Max() / (double)data.Count))];

    // The SDK appends "+commit" to the informational version when it builds inside a git checkout.
    private static string GitCommit() =>
        typeof(StageRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : "unknown";

    /// <summary>What stage.json holds.</summary>
    private sealed record StageRecord(string Stage, string Hash, long? Seed, double WallSeconds, string Device, string Engine, string GitCommit, string RunId, long JournalSequence, SortedDictionary<string, string> Files);
}
