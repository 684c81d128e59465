namespace SparseRobust.Web.Predict;

/// <summary>Keeps up to so many loaded things, each loaded once however many ask for it, and frees the one that has been idle longest to make room. Thread-safe.</summary>
/// <param name="capacity">Most things at a time, those being loaded included.</param>
/// <param name="load">Makes the thing of a key.</param>
/// <param name="free">Ends a thing that nobody uses any more.</param>
internal sealed class LeasedCache<T>(int capacity, Func<string, Task<T>> load, Func<T, Task> free)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _uses;

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The thing, which lives at least until the lease is disposed; null when every place is taken by things in use.</summary>
    /// <param name="key">Which.</param>
    /// <param name="cancellation">Stops waiting; the loading goes on for others.</param>
    public async Task<Lease?> RentAsync(string key, CancellationToken cancellation)
    {
        Entry entry;
        Task freed;
        lock (_gate)
        {
            freed = Task.CompletedTask;
            // A loading that failed after its last caller had left was told to nobody; it is not told to the next one either.
            if (!_entries.TryGetValue(key, out entry!) || entry is { HasFailed: true, Users: 0 })
            {
                _entries.Remove(key);
                if (_entries.Count >= capacity && !TryEvict(out freed))
                    return null;
                _entries[key] = entry = new Entry(key);
            }
            entry.Users++;
        }
        try
        {
            await freed;
            return new Lease(this, entry, await entry.Value(load).WaitAsync(cancellation));
        }
        catch
        {
            Return(entry);
            throw;
        }
    }

    /// <summary>Frees all that is idle; what is in use stays with its users.</summary>
    public async Task ClearAsync()
    {
        var freed = new List<Task>();
        lock (_gate)
        {
            while (TryEvict(out var one))
                freed.Add(one);
        }
        await Task.WhenAll(freed);
    }

    private bool TryEvict(out Task freed)
    {
        freed = Task.CompletedTask;
        if (_entries.Values.Where(entry => entry.Users == 0 && (entry.IsLoaded || entry.HasFailed)).MinBy(entry => entry.LastUse) is not { } idle)
            return false;
        _entries.Remove(idle.Key);
        if (idle.IsLoaded)
            freed = FreeAsync(idle);
        return true;
    }

    private async Task FreeAsync(Entry entry) => await free(await entry.Value(load));

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            entry.Users--;
            entry.LastUse = ++_uses;
            // What could not be loaded is asked for anew next time: its files may be there by then.
            if (entry.HasFailed && _entries.TryGetValue(entry.Key, out var present) && ReferenceEquals(present, entry))
                _entries.Remove(entry.Key);
        }
    }

    /// <summary>The right to use a thing.</summary>
    internal sealed class Lease(LeasedCache<T> cache, Entry entry, T value) : IDisposable
    {
        private bool _returned;

        public T Value { get; } = value;

        public void Dispose()
        {
            if (!_returned)
                cache.Return(entry);
            _returned = true;
        }
    }

    internal sealed class Entry(string key)
    {
        private readonly Lock _once = new();
        private Task<T>? _value;

        public string Key { get; } = key;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool IsLoaded => _value is { IsCompletedSuccessfully: true };

        public bool HasFailed => _value is { IsFaulted: true } or { IsCanceled: true };

        public Task<T> Value(Func<string, Task<T>> load)
        {
            lock (_once)
                return _value ??= load(Key);
        }
    }
}
