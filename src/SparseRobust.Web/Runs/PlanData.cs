using SparseRobust.Lab;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Stages;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>Identities of data, remembered: reading and tokenising a large dataset takes many seconds, and a form asks at every change.</summary>
internal sealed class PlanData(Storage storage, ServerOptions options, TimeProvider time) : IDisposable
{
    private const int MostRemembered = 64;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    // One dataset in memory at a time.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<Setup, Entry> _known = [];

    public DatasetFolders Folders { get; } = options.Folders;

    /// <summary>The model's shape has no part in the data; a pre-trained one has, by its vocabulary and its weights.</summary>
    public static Setup KeyOf(Setup setup) => setup.Model is PretrainedSpec ? setup : setup with { Model = new BertSpec() };

    /// <summary>The identities by <see cref="KeyOf"/>.</summary>
    /// <exception cref="SparseRobust.Lab.Errors.LabException">DatasetMissing, DatasetInvalid, TokenizerInvalid, InputTooLong.</exception>
    public async Task<IReadOnlyDictionary<Setup, DataIdentity>> IdentifyAsync(IReadOnlyList<Setup> setups, CancellationToken cancellation)
    {
        var found = new Dictionary<Setup, DataIdentity>();
        await _turn.WaitAsync(cancellation);
        try
        {
            foreach (var setup in setups.Select(KeyOf).Distinct())
                found[setup] = await FindAsync(setup, cancellation);
        }
        finally
        {
            _turn.Release();
        }
        return found;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<DataIdentity> FindAsync(Setup setup, CancellationToken cancellation)
    {
        if (_known.TryGetValue(setup, out var entry) && time.GetUtcNow() - entry.ReadAt < Memory && entry.Stamp == DatasetCatalog.Stamp(entry.Identity.Files))
            return entry.Identity;
        // A laboratory keeps the data it read; this one goes with it.
        var identity = await Task.Run(
            () =>
            {
                using var laboratory = new Laboratory(new LaboratoryOptions(storage.Lab, Folders) { Models = storage.Models }, time);
                return laboratory.Identify(setup, cancellation);
            },
            cancellation);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[setup] = new Entry(identity, DatasetCatalog.Stamp(identity.Files), time.GetUtcNow());
        return identity;
    }

    private sealed record Entry(DataIdentity Identity, string Stamp, DateTimeOffset ReadAt);
}
