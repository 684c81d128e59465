using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>An archive that somebody sends.</summary>
/// <param name="Body">It.</param>
/// <param name="Length">Its bytes, if known.</param>
/// <param name="FileName">Its name where it comes from, if known.</param>
internal sealed record SentArchive(Stream Body, long? Length, string? FileName);

/// <summary>Puts pre-trained models in their places: brought beside them, checked, renamed.</summary>
internal sealed class ModelIntake(PretrainedStore store, Hub hub, HubImport fromHub, FolderImport fromFolder, ServerOptions options, TimeProvider time)
{
    /// <summary>Refuses at once what can be seen at once.</summary>
    /// <exception cref="Problem">RequestInvalid, HostRefused.</exception>
    public void Require(ModelSource source)
    {
        if (source is HubSource repository)
            hub.Require(repository);
        else if (source is FolderSource folder)
            fromFolder.Find(folder);
        else
            throw Problem.Invalid("$.source.kind", "is \"archive\", which is sent: PUT /api/v1/models/import/{name}/archive.");
    }

    /// <summary>The model that has the name, if it is what the source holds.</summary>
    /// <exception cref="Problem">StateConflict: it is another; the hub's.</exception>
    public async Task<ImportedModel> RequireSameAsync(string name, ModelSource source, CancellationToken cancellation)
    {
        if (store.Find(name) is not { } there)
            throw Problem.Conflict($"The folder models/{name} is there and was not imported. Choose another name, or take the folder away.");
        var isSame = source switch
        {
            HubSource wanted => there.Source is HubSource had && had.Repository == wanted.Repository && (there.Commit == wanted.Revision || there.Commit == await CommitAsync(wanted, cancellation)),
            FolderSource folder => await Task.Run(() => IsSame(there, fromFolder.Find(folder), cancellation), cancellation),
            _ => false,
        };
        return isSame ? there : throw Taken(name);
    }

    /// <summary>Brings what an import's source holds.</summary>
    /// <exception cref="Problem">As its source's import; StateConflict: another model has got the name meanwhile.</exception>
    /// <exception cref="LabException">ModelInvalid, StorageFull.</exception>
    public async Task<ImportedModel> BringAsync(ActiveImport active)
    {
        var files = active.Import.Source is HubSource repository
            ? await fromHub.BringAsync(repository, active)
            : fromFolder.Bring((FolderSource)active.Import.Source, active);
        return Publish(active, files).Model;
    }

    /// <summary>Receives an archive and puts the model that is in it in its place.</summary>
    /// <exception cref="Problem">RequestTooLarge, StateConflict.</exception>
    /// <exception cref="LabException">ModelInvalid, StorageFull.</exception>
    public async Task<(ImportedModel Model, bool IsNew)> TakeAsync(string name, SentArchive archive, ActiveImport active, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, active.Stop);
        try
        {
            if (store.IsTaken(name) && store.Find(name) is null)
                throw Taken(name);
            if (archive.Length > options.ModelBytes)
                throw TooLarge();
            DurableFile.RequireFreeSpace(active.Work, archive.Length ?? 0, "the archive");
            var path = ImportRecords.ArchiveOf(active.Work);
            var sha256 = await ReceivedFile.WriteAsync(archive.Body, path, options.ModelBytes, TooLarge, either.Token);
            active.Change(import => import with { State = ImportState.Checking, Source = new ArchiveSource { File = archive.FileName, Sha256 = sha256 } });
            var folder = Directory.CreateDirectory(ImportRecords.FilesOf(active.Work)).FullName;
            var files = await Task.Run(() => ModelArchive.Extract(path, folder, options.ModelBytes, either.Token), either.Token);
            return Publish(active, files);
        }
        catch (IOException e) when (DurableFile.AsStorageFull(e, active.Work, archive.Length ?? 0) is { } full)
        {
            throw full;
        }
        finally
        {
            Directory.Delete(active.Work, recursive: true);
        }
    }

    private static bool IsSame(ImportedModel there, IReadOnlyList<(string Name, string Path)> found, CancellationToken cancellation)
    {
        var sizes = there.Files.ToDictionary(file => file.Name, file => file.Size, StringComparer.Ordinal);
        // The links' own targets are measured under the names that the files have.
        return found.Count == sizes.Count && found.All(file => sizes.TryGetValue(file.Name, out var size) && new FileInfo(file.Path).Length == size)
            && there.Holds(found.Select(file => ModelFiles.Measure(Path.GetDirectoryName(file.Path)!, Path.GetFileName(file.Path), cancellation) with { Name = file.Name }));
    }

    private static Problem Taken(string name) => Problem.Conflict($"{name} is the name of another model. Choose another name, or delete that model first.");

    private Problem TooLarge() => new("RequestTooLarge", $"The archive is larger than the {options.ModelBytes} bytes that this server takes. Its operator may raise Server:ModelBytes, or put the model's folder into one of Server:ImportFolders.");

    private async Task<string> CommitAsync(HubSource source, CancellationToken cancellation) =>
        (await hub.ListAsync(source, null, Directory.CreateDirectory(Path.GetDirectoryName(store.WorkFolder("any"))!).FullName, cancellation)).Commit;

    private (ImportedModel Model, bool IsNew) Publish(ActiveImport active, IReadOnlyList<ImportedFile> files)
    {
        active.Change(import => import with { State = ImportState.Checking });
        var import = active.Import;
        var staging = ImportRecords.FilesOf(active.Work);
        var model = new ImportedModel
        {
            Name = import.Id, Source = import.Source, Commit = import.Commit, Model = ModelDescription.Inspect(staging),
            Files = [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)], ImportedAt = time.GetUtcNow(),
        };
        var there = store.Publish(staging, model);
        return there.Holds(files) ? (there, ReferenceEquals(there, model)) : throw Taken(import.Id);
    }
}
