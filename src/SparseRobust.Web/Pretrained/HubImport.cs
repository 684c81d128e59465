using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>Brings a model's files from a hub: at one commit, what is small first, each verified by what the hub says of it. What came is kept for another start.</summary>
internal sealed class HubImport(Hub hub, ServerOptions options)
{
    /// <exception cref="Problem">HubAccessRefused, HubNotFound, DownloadFailed, HostRefused, RequestTooLarge.</exception>
    /// <exception cref="SparseRobust.Lab.Errors.LabException">ModelInvalid, StorageFull.</exception>
    public async Task<IReadOnlyList<ImportedFile>> BringAsync(HubSource source, ActiveImport active)
    {
        var listing = await hub.ListAsync(source, active.Import.Commit, active.Work, active.Stop);
        var listed = listing.Files.DistinctBy(file => file.Name).ToDictionary(file => file.Name, StringComparer.Ordinal);
        var names = ModelFiles.Choose(listed.Keys);
        Plan(active, listing.Commit, [.. names.Select(name => listed[name])]);
        var files = new List<ImportedFile>();
        foreach (var name in names.Where(ModelFiles.IsText))
            files.Add(await FetchAsync(source, active, listed[name]));
        // Before hundreds of megabytes come for nothing.
        ModelDescription.RequireReadable(ImportRecords.FilesOf(active.Work));
        foreach (var name in names.Where(name => !ModelFiles.IsText(name)))
            files.Add(await FetchAsync(source, active, listed[name]));
        return files;
    }

    private void Plan(ActiveImport active, string commit, IReadOnlyList<HubFile> files)
    {
        var total = files.Aggregate((UInt128)0, (sum, file) => sum + (UInt128)Math.Max(0, file.Size ?? 0));
        if (total > (UInt128)options.ModelBytes)
            throw new Problem("RequestTooLarge", $"The model has {total} bytes, more than the {options.ModelBytes} that this server takes. Its operator may raise Server:ModelBytes.");
        var folder = Directory.CreateDirectory(ImportRecords.FilesOf(active.Work)).FullName;
        DurableFile.RequireFreeSpace(folder, Math.Max(0, (long)total - active.Import.DoneBytes), "the model's files");
        var before = active.Import.Files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        active.Change(import => import with
        {
            State = ImportState.Fetching,
            Commit = commit,
            TotalBytes = files.All(file => file.Size is not null) ? (long)total : null,
            Files = [.. files.Select(file => new ImportProgress { Name = file.Name, TotalBytes = file.Size, Sha256 = before.GetValueOrDefault(file.Name)?.Sha256 })],
        });
    }

    private async Task<ImportedFile> FetchAsync(HubSource source, ActiveImport active, HubFile file)
    {
        var folder = ImportRecords.FilesOf(active.Work);
        var path = Path.Combine(folder, file.Name);
        var import = active.Import;
        if (import.Files.First(each => each.Name == file.Name).Sha256 is { } known && await MeasureAsync(folder, file.Name, active.Stop) is { } there && there.Sha256 == known)
            return there;
        var said = await hub.FetchAsync(source, import.Commit!, file.Name, path, active.Stop);
        var came = (await MeasureAsync(folder, file.Name, active.Stop))!;
        RequireTotal(active);
        try
        {
            HubDigest.Require(folder, came, file, said);
        }
        catch (Problem)
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            File.Delete(path + ".etag");
        }
        active.Change(record => record with { Files = [.. record.Files.Select(each => each.Name == file.Name ? each with { TotalBytes = came.Size, Sha256 = came.Sha256 } : each)] });
        return came;
    }

    // A hub that does not say how large its files are may have many.
    private void RequireTotal(ActiveImport active)
    {
        if (active.Import.DoneBytes > options.ModelBytes)
            throw new Problem("RequestTooLarge", $"The model has more than the {options.ModelBytes} bytes that this server takes. Its operator may raise Server:ModelBytes.");
    }

    private static Task<ImportedFile?> MeasureAsync(string folder, string name, CancellationToken cancellation) =>
        Task.Run(() => File.Exists(Path.Combine(folder, name)) ? ModelFiles.Measure(folder, name, cancellation) : null, cancellation);
}
