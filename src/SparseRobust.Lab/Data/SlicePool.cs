namespace SparseRobust.Lab.Data;

/// <summary>One shared dictionary for all examples of the same slices, so that 400,000 rows do not hold 400,000 dictionaries. Not thread-safe.</summary>
/// <param name="names">Slice names, at most five, in the order values are given; a null or empty value leaves its slice out.</param>
internal sealed class SlicePool(params IReadOnlyList<string> names)
{
    private readonly Dictionary<(string?, string?, string?, string?, string?), IReadOnlyDictionary<string, string>> _pool = [];

    /// <summary>The slices of an example.</summary>
    public IReadOnlyDictionary<string, string> Of(Func<int, string?> value)
    {
        var key = (At(0), At(1), At(2), At(3), At(4));
        if (_pool.TryGetValue(key, out var known))
            return known;
        var slices = new Dictionary<string, string>();
        for (var i = 0; i < names.Count; i++)
            if (value(i) is { Length: > 0 } given)
                slices[names[i]] = given;
        return _pool[key] = slices;

        string? At(int place) => place < names.Count ? value(place) : null;
    }
}
