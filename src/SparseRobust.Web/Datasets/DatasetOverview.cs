using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>The datasets found in the data folders, and when they were looked for.</summary>
internal sealed record DatasetFindings(DateTimeOffset Time, IReadOnlyList<string> Folders, IReadOnlyList<DatasetListing> Listings, IReadOnlyList<OverlapOnlyScore> OverlapOnly);

/// <summary>Looks into the data folders at most once a minute: big files take seconds to read.</summary>
internal sealed class DatasetOverview(ServerOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private DatasetFindings? _found;

    public async Task<DatasetFindings> ReadAsync(CancellationToken cancellation)
    {
        // Readers that come meanwhile wait for the one reading.
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_found is null || time.GetUtcNow() - _found.Time > Fresh)
                _found = await Task.Run(() => Look(cancellation), cancellation);
            return _found;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private DatasetFindings Look(CancellationToken cancellation)
    {
        var folders = DatasetFolders.FromEnvironment(options.Data.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var listings = DatasetCatalog.List(folders, cancellation);
        return new DatasetFindings(time.GetUtcNow(), folders.Folders, listings, DatasetCatalog.OverlapOnly(folders, cancellation));
    }
}
