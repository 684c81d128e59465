using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>Brings in a run made elsewhere: receive, unpack and check in a folder of its own, publish the stages, enter the rows. What fails leaves nothing behind.</summary>
internal sealed class RunImport(IDbContextFactory<LabDb> databases, RunRecorder recorder, Storage storage, TimeProvider time)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private string Folder => Path.Combine(storage.Root, "imports");

    /// <summary>The run, and whether it is new here. The same import again finds the run it made.</summary>
    /// <param name="body">A zip.</param>
    /// <param name="length">Bytes of it, if known.</param>
    /// <param name="runId">Which of several runs; null for the only one.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<(RunRow Run, bool IsNew)> ImportAsync(Stream body, long? length, string? runId, CancellationToken cancellation)
    {
        DeleteAbandoned();
        var work = Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            DurableFile.RequireFreeSpace(work, length ?? 0, "the archive to import");
            var upload = Path.Combine(work, "upload.zip");
            await using (var file = new FileStream(upload, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                await body.CopyToAsync(file, cancellation);
            using var archive = ImportArchive.Open(upload);
            var imported = await ImportedRun.ReadAsync(archive, runId, Path.Combine(work, "lab"), cancellation);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            return await PresentAsync(db, imported.Id, cancellation) is { } present ? (present, false) : (await PublishAsync(db, imported, cancellation), true);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<RunRow?> PresentAsync(LabDb db, string id, CancellationToken cancellation)
    {
        var run = await db.Runs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
        return run is null or { State: RunState.Succeeded } ? run
            : throw Problem.Conflict($"Run {id} is here already and {run.State.Word()}. Let it finish, or cancel and delete it, then import again.");
    }

    /// <summary>Files before rows, since rows are made from them; files that then have no rows are taken away again.</summary>
    private async Task<RunRow> PublishAsync(LabDb db, ImportedRun imported, CancellationToken cancellation)
    {
        var store = new StageStore(storage.Lab);
        var published = new List<string>();
        var isNewFolder = !Directory.Exists(RunDirectory.FolderOf(storage.Lab, imported.Id));
        try
        {
            foreach (var hash in imported.Result.Stages.Select(stage => stage.Hash).Distinct())
            {
                if (PublishStage(store, imported, hash, cancellation))
                    published.Add(hash);
            }
            PublishRun(imported);
            return await EnterAsync(db, imported, cancellation);
        }
        catch
        {
            foreach (var hash in published)
                Directory.Delete(store.Path(hash), recursive: true);
            if (isNewFolder && Directory.Exists(RunDirectory.FolderOf(storage.Lab, imported.Id)))
                Directory.Delete(RunDirectory.FolderOf(storage.Lab, imported.Id), recursive: true);
            throw;
        }
    }

    // A stage that is here stands: equal hashes mean equal outputs, and others use it.
    private static bool PublishStage(StageStore store, ImportedRun imported, string hash, CancellationToken cancellation)
    {
        if (store.IsComplete(hash))
            return false;
        using var held = store.Lock(hash, cancellation);
        if (store.IsComplete(hash))
            return false;
        store.DiscardWork(hash);
        var target = store.BeginWork(hash);
        foreach (var file in Directory.GetFiles(Path.Combine(imported.Folder, "stages", hash)))
            File.Move(file, Path.Combine(target, Path.GetFileName(file)));
        store.Complete(hash);
        return true;
    }

    private void PublishRun(ImportedRun imported)
    {
        using var directory = RunDirectory.Open(storage.Lab, imported.Id);
        foreach (var file in Directory.GetFiles(Path.Combine(imported.Folder, "runs", imported.Id)))
            DurableFile.Write(Path.Combine(directory.Folder, Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    private async Task<RunRow> EnterAsync(LabDb db, ImportedRun imported, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await RunLauncher.LockCreationAsync(db, cancellation);
        if (await PresentAsync(db, imported.Id, cancellation) is not null)
            throw Problem.Conflict($"Run {imported.Id} was imported by another request at the same moment. GET /api/v1/runs/{imported.Id} has it.");
        var run = RowOf(imported);
        db.Runs.Add(run);
        await db.SaveChangesAsync(cancellation);
        var projection = new RunProjection();
        var events = imported.Events.Select(projection.Apply).ToList();
        await RunEventStore.StoreAsync((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction(), run.Id, events, cancellation);
        await recorder.RecordAsync(db, run, imported.Result, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return await RunActions.FindAsync(db, run.Id, cancellation);
    }

    private RunRow RowOf(ImportedRun imported)
    {
        var summary = RecipeSummary.Of(imported.Recipe);
        return new RunRow
        {
            Id = imported.Id,
            RecipeHash = imported.Result.RecipeHash,
            Seed = imported.Result.Seed,
            Recipe = RecipeHash.CanonicalJson(imported.Recipe),
            Task = summary.Task,
            Model = summary.Model,
            Paradigm = summary.Paradigm,
            Pruning = summary.Pruning,
            FineTuningObjective = summary.FineTuningObjective,
            PruningObjective = summary.PruningObjective,
            Sparsity = summary.Sparsity,
            State = RunState.Succeeded,
            CreatedAt = time.GetUtcNow(),
            StartedAt = imported.Events[0].Time,
            FinishedAt = imported.Events[^1].Time,
            Imported = true,
        };
    }

    // A process killed amid an import leaves its folder; another node's import under way must not lose its own.
    private void DeleteAbandoned()
    {
        foreach (var folder in Directory.Exists(Folder) ? Directory.GetDirectories(Folder) : [])
        {
            if (Directory.GetLastWriteTimeUtc(folder) < time.GetUtcNow() - Abandoned)
                Directory.Delete(folder, recursive: true);
        }
    }
}
