using Npgsql;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>What data there is in the configured folders, and which data runs used. Reading takes seconds, so an answer is kept while its files are as they were.</summary>
internal sealed class DatasetList(NpgsqlDataSource database, ServerOptions options, TimeProvider time) : IDisposable
{
    // A dataset that is missing may be put there at any time.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    // Counting looks into every run's result.
    private static readonly TimeSpan UsesMemory = TimeSpan.FromSeconds(15);

    private const string UsesSql = """
        with uses as (
          select u ->> 'sha256' as sha256, u ->> 'name' as name, u ->> 'split' as split, count(distinct r.id) as runs
          from runs r, jsonb_array_elements(r.result -> 'datasets') u where r.result is not null group by 1, 2, 3)
        select d.sha256, d.name, d.split, d.rows, d.published_rows, d.broken_rows, d.majority_share, d.first_used_at, coalesce(uses.runs, 0)
        from datasets d left join uses using (sha256, name, split) order by d.first_used_at
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private (IReadOnlyList<DatasetListing> Listings, string Stamp, DateTimeOffset ReadAt)? _last;
    private (IReadOnlyList<DatasetUseRow> Uses, DateTimeOffset ReadAt)? _lastUses;

    public DatasetFolders Folders { get; } = DatasetFolders.FromEnvironment(options.Data.Split(Path.PathSeparator));

    /// <summary>Every split the laboratory knows, then those that only runs know.</summary>
    public async Task<IReadOnlyList<DatasetView>> ReadAsync(CancellationToken cancellation)
    {
        var (listings, uses) = await RememberedAsync(cancellation);
        var byContent = uses.ToDictionary(use => (use.Sha256, use.Name, use.Split));
        var found = listings.Select(listing => DatasetView.Of(listing, listing.Sha256 is { } sha ? byContent.GetValueOrDefault((sha, listing.Name, listing.Split)) : null)).ToList();
        var shown = listings.Select(listing => (listing.Sha256, listing.Name, listing.Split)).ToHashSet();
        return [.. found, .. uses.Where(use => !shown.Contains((use.Sha256, use.Name, use.Split))).Select(DatasetView.Of)];
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(IReadOnlyList<DatasetListing> Listings, IReadOnlyList<DatasetUseRow> Uses)> RememberedAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (_last is not { } last || last.Stamp != StampOf(last.Listings) || (now - last.ReadAt >= Memory && last.Listings.Any(listing => listing.Problem is not null)))
            {
                var listings = await Task.Run(() => DatasetCatalog.List(Folders, cancellation), cancellation);
                _last = last = (listings, StampOf(listings), now);
            }
            if (_lastUses is not { } uses || now - uses.ReadAt >= UsesMemory)
                _lastUses = uses = (await UsesAsync(cancellation), now);
            return (last.Listings, uses.Uses);
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
