namespace SparseRobust.Lab.Evaluation;

/// <summary>Counts right rows by named slice. Not thread-safe.</summary>
internal sealed class SliceAccuracies
{
    private readonly SortedDictionary<string, (int Right, int N)> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a row in a slice.</summary>
    public void Count(string slice, bool isRight)
    {
        var (right, n) = _counts.GetValueOrDefault(slice);
        _counts[slice] = (right + (isRight ? 1 : 0), n + 1);
    }

    /// <summary>Each slice's name, accuracy in [0, 1] and number of rows, at least 1, ordered by name (ordinal).</summary>
    public IEnumerable<(string Name, double Accuracy, int N)> All() => _counts.Select(entry => (entry.Key, (double)entry.Value.Right / entry.Value.N, entry.Value.N));
}
