using Npgsql;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>What was found in the data folders.</summary>
/// <param name="LookedAt">When.</param>
/// <param name="Listings">Every split the laboratory knows, found or not.</param>
/// <param name="OverlapOnly">What word overlap alone achieves on the built-in task.</param>
internal sealed record DatasetFindings(DateTimeOffset LookedAt, IReadOnlyList<DatasetListing> Listings, IReadOnlyList<OverlapOnlyScore> OverlapOnly);

/// <summary>What data there is in the configured folders, and which data runs used. Reading takes seconds, so an answer is kept while the folders' files are as they were.</summary>
internal sealed class DatasetList(NpgsqlDataSource database, ServerOptions options, TimeProvider time) : IDisposable
{
    // Counting looks into every run's result.
    private static readonly TimeSpan UsesMemory = TimeSpan.FromSeconds(15);

    private const string UsesSql = """
        with uses as (
          select u ->> 'sha256' as sha256, u ->> 'name' as name, u ->> 'split' as split, count(distinct r.id) as runs, max((u ->> 'withheld_rows')::int) as withheld_rows
          from runs r, jsonb_array_elements(r.result -> 'datasets') u where r.result is not null group by 1, 2, 3)
        select d.sha256, d.name, d.split, d.rows, d.published_rows, d.broken_rows, d.majority_share, d.first_used_at, coalesce(uses.runs, 0), coalesce(uses.withheld_rows, 0)
        from datasets d left join uses using (sha256, name, split) order by d.first_used_at
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private (DatasetFindings Findings, string Stamp)? _last;
    private (IReadOnlyList<DatasetUseRow> Uses, DateTimeOffset ReadAt)? _lastUses;

    public DatasetFolders Folders { get; } = options.Folders;

    /// <summary>What the folders hold.</summary>
    public Task<DatasetFindings> FindAsync(CancellationToken cancellation) => InTurnAsync(() => FindInTurnAsync(cancellation), cancellation);

    /// <summary>Every split the laboratory knows, then those that only runs know.</summary>
    public async Task<IReadOnlyList<DatasetView>> ReadAsync(CancellationToken cancellation)
    {
        var listings = (await FindAsync(cancellation)).Listings;
        var uses = await UsesAsync(cancellation);
        var found = listings.Select(listing => ViewOf(listing, uses)).ToList();
        var shown = listings.Select(listing => (listing.Sha256, listing.Name, listing.Split)).ToHashSet();
        return [.. found, .. uses.Where(use => !shown.Contains((use.Sha256, use.Name, use.Split))).Select(DatasetView.Of)];
    }

    /// <summary>One published split.</summary>
    public async Task<DatasetView> ReadAsync(PublishedSplit split, CancellationToken cancellation) =>
        ViewOf((await FindAsync(cancellation)).Listings.Single(listing => listing.Published == split), await UsesAsync(cancellation));

    public void Dispose() => _turn.Dispose();

    // Those who ask meanwhile wait for the one reading.
    private async Task<T> InTurnAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static DatasetView ViewOf(DatasetListing listing, IReadOnlyList<DatasetUseRow> uses) =>
        DatasetView.Of(listing, uses.FirstOrDefault(use => use.Sha256 == listing.Sha256 && use.Name == listing.Name && use.Split == listing.Split));

    private async Task<DatasetFindings> FindInTurnAsync(CancellationToken cancellation)
    {
        // Looked at first, so that what changes while it is read is read again.
        var stamp = await Task.Run(() => DatasetCatalog.Stamp(Folders), cancellation);
        if (_last is { } last && last.Stamp == stamp)
            return last.Findings;
        var now = time.GetUtcNow();
        var findings = await Task.Run(() => new DatasetFindings(now, DatasetCatalog.List(Folders, cancellation), DatasetCatalog.OverlapOnly(Folders, cancellation)), cancellation);
        _last = (findings, stamp);
        return findings;
    }

    private Task<IReadOnlyList<DatasetUseRow>> UsesAsync(CancellationToken cancellation) => InTurnAsync(() => UsesInTurnAsync(cancellation), cancellation);

    private async Task<IReadOnlyList<DatasetUseRow>> UsesInTurnAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_lastUses is { } last && now - last.ReadAt < UsesMemory)
            return last.Uses;
        var uses = await QueryUsesAsync(cancellation);
        _lastUses = (uses, now);
        return uses;
    }

    private async Task<IReadOnlyList<DatasetUseRow>> QueryUsesAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(UsesSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var uses = new List<DatasetUseRow>();
        while (await reader.ReadAsync(cancellation))
            uses.Add(new DatasetUseRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.GetInt32(5), reader.GetDouble(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.GetInt64(8), reader.GetInt32(9)));
        return uses;
    }
}

/// <summary>A split as runs used it, and how many of them.</summary>
internal sealed record DatasetUseRow(string Sha256, string Name, string Split, int Rows, int? PublishedRows, int BrokenRows, double MajorityShare, DateTimeOffset FirstUsedAt, long Runs, int WithheldRows);
