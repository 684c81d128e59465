using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>Puts files into the server's own data folder: received beside it, flushed, read by the split's own loader, then renamed. What fails leaves nothing behind.</summary>
/// <remarks>Whoever reads the old file while it is replaced reads it to its end. Data are known by the SHA-256 of their content, which is part of every stage's hash: other data, other stages.</remarks>
internal sealed class DatasetIntake(Storage storage, ServerOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // A dataset is read into memory to be checked, so one at a time.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly DatasetFolders _folders = options.Folders;

    /// <summary>Inside the data folder, so that the last step is a rename on one disk; no loader looks there.</summary>
    private string Incoming => Path.Combine(storage.Datasets, ".incoming");

    /// <summary>Receives a file, checks it and puts it in its place.</summary>
    /// <param name="delivery">What it is to be.</param>
    /// <param name="body">The file, plain or gzipped.</param>
    /// <param name="length">Its bytes, if known.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Problem">StateConflict, RequestTooLarge.</exception>
    /// <exception cref="LabException">DatasetInvalid, StorageFull.</exception>
    public async Task<DatasetArrival> TakeAsync(DatasetDelivery delivery, Stream body, long? length, CancellationToken cancellation)
    {
        RequirePlace(delivery);
        if (length > options.DatasetBytes)
            throw DatasetFile.TooLarge("The file", options.DatasetBytes);
        DeleteAbandoned();
        var work = Directory.CreateDirectory(Path.Combine(Incoming, Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            DurableFile.RequireFreeSpace(work, length ?? 0, $"the file of {delivery.Split.Title}");
            var received = Path.Combine(work, "received");
            await ReceivedFile.WriteAsync(body, received, options.DatasetBytes, () => DatasetFile.TooLarge("The file", options.DatasetBytes), cancellation);
            return await PublishAsync(delivery, received, cancellation);
        }
        catch (IOException e) when (DurableFile.AsStorageFull(e, work, length ?? 0) is { } full)
        {
            throw full;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Refuses before anything is received what would be refused after it.</summary>
    /// <exception cref="Problem">StateConflict.</exception>
    public void RequirePlace(DatasetDelivery delivery)
    {
        if (delivery.Split.FileIn(_folders) is not { } there)
            return;
        if (!IsOwn(there))
            throw Problem.Conflict($"{delivery.Split.Title} is at {there}, in a folder that is searched before the server's own: what is sent would never be read. Change the file there, or take it away first.");
        if (!delivery.Replace)
            throw Problem.Conflict($"{delivery.Split.Title} is here already: {Path.GetFileName(there)}. Send it with replace=true to put this file in its place; what runs have made of the old one stays, and new runs make new stages.");
    }

    /// <summary>Checks a whole file that lies on the storage's disk and renames it to its place.</summary>
    /// <exception cref="Problem">StateConflict, RequestTooLarge.</exception>
    /// <exception cref="LabException">DatasetInvalid.</exception>
    public async Task<DatasetArrival> PublishAsync(DatasetDelivery delivery, string received, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var file = await DatasetFile.MeasureAsync(received, options.DatasetBytes, cancellation);
            if (!file.IsGzip)
                RequireChecksum(delivery, file.Sha256, file.Sha256);
            var place = delivery.PlaceOf(file.IsGzip);
            var listing = await InspectAsync(delivery, file, Path.GetFileName(place), cancellation);
            RequireChecksum(delivery, file.Sha256, listing.Sha256!);
            return Place(delivery, listing, received, Path.Combine(storage.Datasets, place));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Under the name it will have, by which HANS tells its variants, and which messages give. A link: whoever dies meanwhile leaves the file where it was.
    private static async Task<DatasetListing> InspectAsync(DatasetDelivery delivery, DatasetFile file, string name, CancellationToken cancellation)
    {
        var folder = file.Path + "-check";
        var path = Path.Combine(folder, name);
        DeleteFolder(folder);
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(path, file.Path);
        try
        {
            return await Task.Run(() => delivery.Split.Inspect(path, cancellation), cancellation);
        }
        catch (LabException refusal) when (refusal.Code == ProblemCode.DatasetInvalid)
        {
            throw new LabException(refusal.Code, refusal.Message.Replace(path, name, StringComparison.Ordinal), refusal);
        }
        finally
        {
            DeleteFolder(folder);
        }
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void RequireChecksum(DatasetDelivery delivery, string file, string content)
    {
        if (delivery.Sha256 is { } due && due != file && due != content)
            throw new LabException(ProblemCode.DatasetInvalid, $"The file has SHA-256 {file}{(content == file ? "" : $" and its content {content}")}, not {due}. Fetch it again, or check where the checksum is from.");
    }

    private DatasetArrival Place(DatasetDelivery delivery, DatasetListing listing, string received, string target)
    {
        RequirePlace(delivery);
        var old = delivery.Split.FileIn(_folders);
        DurableFile.Move(received, target);
        // Under another name, it might be found first.
        if (old is not null && old != target)
            File.Delete(old);
        return new DatasetArrival(listing with { SourcePath = target }, old is not null);
    }

    private bool IsOwn(string path) => path.StartsWith(storage.Datasets + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // A process killed meanwhile leaves its folder; another node's upload under way must not lose its own.
    private void DeleteAbandoned()
    {
        foreach (var folder in Directory.Exists(Incoming) ? Directory.GetDirectories(Incoming) : [])
        {
            if (Directory.GetLastWriteTimeUtc(folder) < time.GetUtcNow() - Abandoned)
                Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A file in its place.</summary>
/// <param name="Listing">What is in it.</param>
/// <param name="HasReplaced">Whether another was there before.</param>
internal sealed record DatasetArrival(DatasetListing Listing, bool HasReplaced);
