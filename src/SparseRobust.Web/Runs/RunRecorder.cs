using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Datasets;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Runs;

/// <summary>Enters a finished run's stages, scores, masks, files and models in one transaction under its lease. Repeating it changes nothing.</summary>
internal sealed class RunRecorder(IDbContextFactory<LabDb> databases, Storage storage, TimeProvider time)
{
    public async Task<bool> RecordAsync(RunLease lease, RunResult result, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == lease.RunId && row.LeaseEpoch == lease.Epoch, cancellation) is not { } leased)
            return false;
        // Before anything is locked: every run that ends at the same moment would wait until the last byte is hashed.
        var files = await ReadNewAsync(db, leased, result, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Runs.FromSql($"select * from runs where id = {lease.RunId} and lease_epoch = {lease.Epoch} for no key update").SingleOrDefaultAsync(cancellation);
        if (run is null)
            return false;
        await RecordAsync(db, run, result, files, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>For a caller with a transaction of its own, such as an import.</summary>
    public async Task RecordAsync(LabDb db, RunRow run, RunResult result, CancellationToken cancellation) =>
        await RecordAsync(db, run, result, await ReadNewAsync(db, run, result, cancellation), cancellation);

    // Two runs that share a stage and end together both read it; the second finds the row there and drops what it read.
    private async Task<Dictionary<string, StageFiles>> ReadNewAsync(LabDb db, RunRow run, RunResult result, CancellationToken cancellation)
    {
        var hashes = result.Stages.Select(stage => stage.Hash).Distinct().ToArray();
        var entered = await db.Stages.Where(stage => hashes.Contains(stage.Hash)).Select(stage => stage.Hash).ToListAsync(cancellation);
        return hashes.Except(entered).ToDictionary(hash => hash, hash => StageFiles.Read(hash, FolderOf(run, hash)));
    }

    private async Task RecordAsync(LabDb db, RunRow run, RunResult result, Dictionary<string, StageFiles> files, CancellationToken cancellation)
    {
        // Runs that share a stage may end at the same moment, and each would enter it.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(7261736502)", cancellation);
        run.Result = JsonSerializer.Serialize(result, LabJson.Options);
        await db.Scores.Where(score => score.RunId == run.Id).ExecuteDeleteAsync(cancellation);
        await db.RunStages.Where(stage => stage.RunId == run.Id).ExecuteDeleteAsync(cancellation);
        foreach (var (ordinal, stage) in result.Stages.Index())
        {
            // Stages are never taken out again, so what is missing now was missing when the files were read.
            if (!await db.Stages.AnyAsync(row => row.Hash == stage.Hash, cancellation) && files.Remove(stage.Hash, out var read))
                AddStage(db, run, stage, read);
            db.RunStages.Add(new RunStageRow { RunId = run.Id, Ordinal = ordinal, StageHash = stage.Hash, Reused = stage.Reused, Sparsity = stage.Sparsity });
            db.Scores.AddRange(stage.Scores.Select(score => ScoreOf(run, (ordinal, stage), score, isFinal: ordinal == result.Stages.Count - 1)));
        }
        foreach (var use in result.Datasets.DistinctBy(use => (use.Sha256, use.Name, use.Split)))
        {
            if (await db.Datasets.FindAsync([use.Sha256, use.Name, use.Split], cancellation) is null)
                db.Datasets.Add(new DatasetRow { Sha256 = use.Sha256, Name = use.Name, Split = use.Split, Rows = use.Rows, PublishedRows = use.PublishedRows, BrokenRows = use.BrokenRows, MajorityShare = use.MajorityShare, FirstUsedAt = time.GetUtcNow() });
        }
    }

    private string FolderOf(RunRow run, string stageHash) => Path.Combine(storage.LabOf(run.Rerun), "stages", stageHash);

    private void AddStage(LabDb db, RunRow run, StageResult stage, StageFiles files)
    {
        db.Stages.Add(new StageRow { Hash = stage.Hash, Name = stage.Name, WallSeconds = stage.WallSeconds, Folder = storage.Relative(FolderOf(run, stage.Hash)), RecordedAt = time.GetUtcNow() });
        db.Artifacts.AddRange(files.Artifacts);
        db.MaskMatrices.AddRange(files.Matrices);
        if (files.HasModel)
            db.Models.Add(ModelOf(run, stage, time.GetUtcNow()));
    }

    // A dense model serves many runs; it is named after its own part of the recipe, not after the run that happened to record it.
    private static ModelRow ModelOf(RunRow run, StageResult stage, DateTimeOffset now) => new()
    {
        Id = stage.Hash,
        Name = stage.Sparsity is null ? $"{run.FineTuningObjective ?? run.RecipeHash}, {stage.Name}, seed {run.Seed}" : $"{run.Cell ?? run.Name ?? run.RecipeHash}, seed {run.Seed}",
        RunId = run.Id,
        RecipeHash = run.RecipeHash,
        Seed = run.Seed,
        Task = run.Task,
        Sparsity = stage.Sparsity,
        CreatedAt = now,
    };

    private static ScoreRow ScoreOf(RunRow run, (int Ordinal, StageResult Result) stage, Score score, bool isFinal) => new()
    {
        RunId = run.Id,
        StageOrdinal = stage.Ordinal,
        Stage = stage.Result.Name,
        StageHash = stage.Result.Hash,
        Dataset = score.Dataset,
        DatasetSha256 = score.Sha256,
        Split = score.Split,
        Slice = score.Slice,
        Metric = score.Metric,
        Value = score.Value,
        N = score.N,
        Seed = run.Seed,
        CheckpointStep = score.CheckpointStep,
        IsFinal = isFinal,
    };
}
