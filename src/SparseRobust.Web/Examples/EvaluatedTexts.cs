using System.Text.Json.Nodes;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Examples;

/// <summary>The examples of an evaluated set, or why they are not at hand.</summary>
/// <param name="Examples">Row by row as the predictions; null when <paramref name="Missing"/> says why.</param>
/// <param name="Missing">Why there are none.</param>
internal sealed record SetTexts(IReadOnlyList<Example>? Examples, string? Missing)
{
    /// <summary>For who does not want them.</summary>
    public static readonly SetTexts None = new(null, null);

    private SortedDictionary<string, SortedSet<string>>? _slices;

    /// <summary>Values by the name of the slice.</summary>
    public SortedDictionary<string, SortedSet<string>> Slices => _slices ??= SlicesOf(Examples ?? []);

    private static SortedDictionary<string, SortedSet<string>> SlicesOf(IReadOnlyList<Example> examples)
    {
        var slices = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        // Rows of the same slices share one dictionary.
        foreach (var (name, value) in examples.Select(example => example.Slices).Distinct<IReadOnlyDictionary<string, string>>(ReferenceEqualityComparer.Instance).SelectMany(pairs => pairs))
        {
            if (!slices.TryGetValue(name, out var values))
                slices[name] = values = new SortedSet<string>(StringComparer.Ordinal);
            values.Add(value);
        }
        return slices;
    }
}

/// <summary>The texts of the sets that runs were evaluated on, read from this server's data folders. A task's sets are read once, one task at a time, and kept for the few tasks last asked for.</summary>
internal sealed class EvaluatedTexts : IDisposable
{
    private const int MostTasks = 3;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    // What is missing may be put there at any time.
    private static readonly TimeSpan MissingFor = TimeSpan.FromMinutes(1);

    private readonly DatasetFolders _folders;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly ITimer _sweep;

    public EvaluatedTexts(DatasetFolders folders, TimeProvider time)
    {
        (_folders, _time) = (folders, time);
        _sweep = time.CreateTimer(_ => DropStale(), null, Idle, Idle);
    }

    /// <summary>How many tasks' sets are held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The examples behind predictions, if the very same dataset is at hand.</summary>
    public async Task<SetTexts> FindAsync(RunRow run, SetPredictions set, CancellationToken cancellation)
    {
        var sets = await RentAsync(run.Recipe).WaitAsync(cancellation);
        if (sets.Missing is { } missing)
            return new SetTexts(null, missing);
        return sets.Datasets.FirstOrDefault(data => data.Name == set.Dataset && data.Split == set.Split) switch
        {
            null => new SetTexts(null, $"The run's task has no {set.Dataset} {set.Split} in this version."),
            var data when data.Sha256 != set.Sha256 || data.Examples.Count != set.Count =>
                new SetTexts(null, $"The {set.Dataset} {set.Split} of this server is another one (SHA-256 {data.Sha256}) than the model was evaluated on ({set.Sha256})."),
            var data => new SetTexts(data.Examples, null),
        };
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _ending.Cancel();
    }

    private Task<TaskSets> RentAsync(string recipe)
    {
        // The database writes equal recipes alike.
        var key = JsonNode.Parse(recipe)!["task"]!.ToJsonString();
        lock (_gate)
        {
            DropStale();
            if (!_entries.TryGetValue(key, out var entry))
            {
                if (_entries.Count >= MostTasks)
                    _entries.Remove(_entries.MinBy(each => each.Value.LastUse).Key);
                _entries[key] = entry = new Entry();
                entry.Reading = ReadAsync(entry, recipe);
            }
            entry.LastUse = _time.GetUtcNow();
            return entry.Reading;
        }
    }

    private void DropStale()
    {
        lock (_gate)
        {
            foreach (var (key, entry) in _entries.Where(each => IsStale(each.Value)).ToList())
                _entries.Remove(key);
        }
    }

    private bool IsStale(Entry entry) => entry.Sets is { } sets
        ? _time.GetUtcNow() - entry.LastUse > Idle || sets.Stamp != StampOf(sets.Datasets) || sets.Missing is not null && _time.GetUtcNow() - sets.ReadAt > MissingFor
        : entry.Reading.IsCompleted && !entry.Reading.IsCompletedSuccessfully;

    private async Task<TaskSets> ReadAsync(Entry entry, string recipe)
    {
        await _turn.WaitAsync(_ending.Token);
        try
        {
            // Seconds for a large training set, so not on a request's thread.
            var datasets = await Task.Run(() => DatasetCatalog.Evaluated(RecipeReader.Read(recipe).Task, _folders, _ending.Token), _ending.Token);
            return entry.Sets = new TaskSets(datasets, null, StampOf(datasets), _time.GetUtcNow());
        }
        catch (LabException problem)
        {
            return entry.Sets = new TaskSets([], problem.Message, "", _time.GetUtcNow());
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string StampOf(IReadOnlyList<Dataset> datasets) => DatasetCatalog.Stamp(datasets.Select(data => data.SourcePath).OfType<string>());

    private sealed record TaskSets(IReadOnlyList<Dataset> Datasets, string? Missing, string Stamp, DateTimeOffset ReadAt);

    private sealed class Entry
    {
        private volatile TaskSets? _sets;

        public Task<TaskSets> Reading { get; set; } = null!;

        /// <summary>Null while they are being read, and when that failed for a reason of ours.</summary>
        public TaskSets? Sets
        {
            get => _sets;
            set => _sets = value;
        }

        public DateTimeOffset LastUse { get; set; }
    }
}
