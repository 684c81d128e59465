using System.Buffers;
using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>A growing list of ids that starts on the stack and moves to a pooled array.</summary>
internal ref struct IdBuffer(Span<int> initial) : IPieceSink
{
    private Span<int> _ids = initial;
    private int[]? _rented;

    /// <inheritdoc/>
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

    /// <summary>Adds ids.</summary>
    public void AddRange(scoped ReadOnlySpan<int> ids)
    {
        while (_ids.Length - Count < ids.Length)
            Grow();
        ids.CopyTo(_ids[Count..]);
        Count += ids.Length;
    }

    /// <inheritdoc/>
    public void AddPiece(int id, int first, int length) => Add(id);

    /// <inheritdoc/>
    public void AddWord(int id) => Add(id);

    /// <inheritdoc/>
    public void CutTo(int count) => Count = count;

    /// <inheritdoc/>
    public readonly void ReadUnit(int start, int end)
    {
    }

    /// <inheritdoc/>
    public readonly void Drop(Rune character, int end)
    {
    }

    /// <inheritdoc/>
    public readonly void EndWord()
    {
    }

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
