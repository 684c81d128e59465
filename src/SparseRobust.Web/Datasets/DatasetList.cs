using Npgsql;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>What data there is in the configured folders, and which data runs used. Reading takes seconds, so an answer is kept while its files are as they were.</summary>
internal sealed class DatasetList(NpgsqlDataSource database, ServerOptions options, TimeProvider time) : IDisposable
{
    // A dataset that is missing may be put there at any time.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private const string UsesSql = """
        select d.sha256, d.name, d.split, d.rows, d.published_rows, d.broken_rows, d.majority_share, d.first_used_at,
          (select count(*) from runs r where r.result -> 'datasets' @> jsonb_build_array(jsonb_build_object('sha256', d.sha256, 'name', d.name, 'split', d.split)))
        from datasets d order by d.first_used_at
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private (IReadOnlyList<DatasetListing> Listings, string Stamp, DateTimeOffset ReadAt)? _last;

    public DatasetFolders Folders { get; } = DatasetFolders.FromEnvironment(options.Data.Split(Path.PathSeparator));

    /// <summary>Every split the laboratory knows, then those that only runs know.</summary>
    public async Task<IReadOnlyList<DatasetView>> ReadAsync(CancellationToken cancellation)
    {
        var listings = await ListAsync(cancellation);
        var uses = await UsesAsync(cancellation);
        var byContent = uses.ToDictionary(use => (use.Sha256, use.Name, use.Split));
        var found = listings.Select(listing => DatasetView.Of(listing, listing.Sha256 is { } sha ? byContent.GetValueOrDefault((sha, listing.Name, listing.Split)) : null)).ToList();
        var shown = listings.Select(listing => (listing.Sha256, listing.Name, listing.Split)).ToHashSet();
        return [.. found, .. uses.Where(use => !shown.Contains((use.Sha256, use.Name, use.Split))).Select(DatasetView.Of)];
    }

    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<DatasetListing>> ListAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && last.Stamp == StampOf(last.Listings) && (time.GetUtcNow() - last.ReadAt < Memory || last.Listings.All(listing => listing.Problem is null)))
                return last.Listings;
            var listings = await Task.Run(() => DatasetCatalog.List(Folders, cancellation), cancellation);
            _last = (listings, StampOf(listings), time.GetUtcNow());
            return listings;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string StampOf(IReadOnlyList<DatasetListing> listings) =>
        string.Join('\n', listings.Select(listing => listing.SourcePath).OfType<string>().Select(path => new FileInfo(path)).Select(file => file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "gone"));

    private async Task<IReadOnlyList<DatasetUseRow>> UsesAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(UsesSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var uses = new List<DatasetUseRow>();
        while (await reader.ReadAsync(cancellation))
            uses.Add(new DatasetUseRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.GetInt32(5), reader.GetDouble(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.GetInt64(8)));
        return uses;
    }
}

/// <summary>A split as runs used it, and how many of them.</summary>
internal sealed record DatasetUseRow(string Sha256, string Name, string Split, int Rows, int? PublishedRows, int BrokenRows, double MajorityShare, DateTimeOffset FirstUsedAt, long Runs);
