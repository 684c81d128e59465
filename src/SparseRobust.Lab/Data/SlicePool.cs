namespace SparseRobust.Lab.Data;

/// <summary>One shared dictionary for all examples of the same slices, so that 400,000 rows do not hold 400,000 dictionaries. Not thread-safe.</summary>
/// <param name="names">Slice names, in the order values are given; a null or empty value leaves its slice out.</param>
internal sealed class SlicePool(params IReadOnlyList<string> names)
{
    private readonly Dictionary<(string?, string?), IReadOnlyDictionary<string, string>> _pool = [];

    /// <summary>The slices of an example.</summary>
    public IReadOnlyDictionary<string, string> Of(string? first, string? second = null)
    {
        if (_pool.TryGetValue((first, second), out var known))
            return known;
        var slices = new Dictionary<string, string>();
        if (!string.IsNullOrEmpty(first))
            slices[names[0]] = first;
        if (!string.IsNullOrEmpty(second))
            slices[names[1]] = second;
        return _pool[(first, second)] = slices;
    }
}
