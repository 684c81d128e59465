using System.Buffers;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>A growing list of ids that starts on the stack and moves to a pooled array.</summary>
internal ref struct IdBuffer(Span<int> initial)
{
    private Span<int> _ids = initial;
    private int[]? _rented;

    /// <summary>How many ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>The ids.</summary>
    public readonly ReadOnlySpan<int> Ids => _ids[..Count];

    /// <summary>Adds an id.</summary>
    public void Add(int id)
    {
        if (Count == _ids.Length)
            Grow();
        _ids[Count++] = id;
    }

    /// <summary>Forgets all ids but the first <paramref name="count"/>.</summary>
    public void CutTo(int count) => Count = count;

    /// <summary>Gives the pooled array back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<int>.Shared.Return(_rented);
        _rented = null;
    }

    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(_ids.Length * 2);
        _ids.CopyTo(larger);
        Dispose();
        _rented = larger;
        _ids = larger;
    }
}
