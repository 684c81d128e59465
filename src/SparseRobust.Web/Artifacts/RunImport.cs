using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SparseRobust.Lab.Errors;
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
            return await EnterAsync(imported, cancellation);
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

    /// <summary>Under the lock of all that makes runs, so that neither the same import nor a launch of the same run comes between.</summary>
    private async Task<(RunRow Run, bool IsNew)> EnterAsync(ImportedRun imported, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await RunLauncher.LockCreationAsync(db, cancellation);
        if (await PresentAsync(db, imported.Id, cancellation) is { } present)
            return (present, false);
        var published = new List<string>();
        try
        {
            // Files before rows, since rows are made from them.
            Publish(imported, published);
            await AddRowsAsync(db, (NpgsqlTransaction)transaction.GetDbTransaction(), imported, cancellation);
        }
        catch
        {
            foreach (var folder in published.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
            throw;
        }
        // Outside: whether a commit that broke off took place nobody knows, and verified files without rows harm less than rows without files.
        await transaction.CommitAsync(cancellation);
        return (await RunActions.FindAsync(db, imported.Id, cancellation), true);
    }

    /// <param name="imported">What to publish.</param>
    /// <param name="published">Grows with each folder that was not there before.</param>
    private void Publish(ImportedRun imported, List<string> published)
    {
        var store = new StageStore(storage.Lab);
        foreach (var hash in imported.Result.Stages.Select(stage => stage.Hash).Distinct())
        {
            if (PublishStage(store, imported, hash))
                published.Add(store.Path(hash));
        }
        var folder = RunDirectory.FolderOf(storage.Lab, imported.Id);
        if (!Directory.Exists(folder))
            published.Add(folder);
        using var directory = RunDirectory.Open(storage.Lab, imported.Id);
        foreach (var file in Directory.GetFiles(Path.Combine(imported.Folder, "runs", imported.Id)))
            DurableFile.Write(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    // A stage that is here stands: equal hashes mean equal outputs, and others use it.
    private static bool PublishStage(StageStore store, ImportedRun imported, string hash)
    {
        if (store.IsComplete(hash))
            return false;
        using var held = store.TryLock(hash)
            ?? throw new LabException(ProblemCode.RunLocked, $"Stage {hash} of the import is being made here by another run. Wait until that has finished, then import again.");
        if (store.IsComplete(hash))
            return false;
        store.DiscardWork(hash);
        var target = store.BeginWork(hash);
        foreach (var file in Directory.GetFiles(Path.Combine(imported.Folder, "stages", hash)))
            File.Move(file, Path.Combine(target, Path.GetFileName(file)));
        store.Complete(hash);
        return true;
    }

    private async Task AddRowsAsync(LabDb db, NpgsqlTransaction transaction, ImportedRun imported, CancellationToken cancellation)
    {
        var run = RowOf(imported);
        db.Runs.Add(run);
        await db.SaveChangesAsync(cancellation);
        var projection = new RunProjection();
        await RunEventStore.StoreAsync(transaction, run.Id, [.. imported.Events.Select(projection.Apply)], cancellation);
        await recorder.RecordAsync(db, run, imported.Result, cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    private RunRow RowOf(ImportedRun imported)
    {
        var run = new LaunchRequest(imported.Recipe, imported.Result.Seed).Row(RecipeIdentity.Of(imported.Recipe), rerun: 0, time.GetUtcNow());
        (run.State, run.StartedAt, run.FinishedAt, run.Imported) = (RunState.Succeeded, imported.Events[0].Time, imported.Events[^1].Time, true);
        return run;
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
