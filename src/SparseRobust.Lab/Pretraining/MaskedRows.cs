using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Some examples of a pass, masked: row b is the b-th that was chosen. In memory; not thread-safe.</summary>
internal sealed class MaskedRows : TokenRows
{
    private readonly TokenRow[] _rows;
    private readonly int[] _starts;
    private readonly long[] _ids;
    private readonly int[] _maskedEnds;
    private readonly List<int> _positions;
    private readonly List<long> _labels;

    public MaskedRows(PretrainingExamples examples, ReadOnlySpan<int> chosen)
    {
        (_rows, _starts, _maskedEnds) = (new TokenRow[chosen.Length], new int[chosen.Length + 1], new int[chosen.Length]);
        for (var b = 0; b < chosen.Length; b++)
        {
            _rows[b] = examples[chosen[b]];
            _starts[b + 1] = _starts[b] + _rows[b].Length;
        }
        _ids = new long[_starts[^1]];
        var expected = _rows.Sum(row => examples.Masking.Budget(row.Length));
        (_positions, _labels) = (new List<int>(expected), new List<long>(expected));
        for (var b = 0; b < chosen.Length; b++)
        {
            var ids = Ids(b);
            examples.CopyIds(chosen[b], ids);
            examples.Masking.Apply(ids, examples.MaskDraws(chosen[b]), _positions, _labels);
            _maskedEnds[b] = _positions.Count;
        }
    }

    /// <inheritdoc/>
    public override int Count => _rows.Length;

    /// <summary>Tokens of all rows together, special ones included.</summary>
    public int Tokens => _ids.Length;

    /// <summary>What the masked tokens were, row by row.</summary>
    public IReadOnlyList<long> Labels => _labels;

    /// <inheritdoc/>
    public override TokenRow this[int index] => _rows[index];

    /// <summary>Where the masked tokens stand when all rows are padded to one length and lie one after the other; in the order of <see cref="Labels"/>.</summary>
    public long[] FlatPositions(long paddedLength)
    {
        var flat = new long[_positions.Count];
        for (var (b, i) = (0, 0); b < _rows.Length; b++)
            for (; i < _maskedEnds[b]; i++)
                flat[i] = b * paddedLength + _positions[i];
        return flat;
    }

    /// <inheritdoc/>
    public override void CopyIds(int index, Span<long> ids) => Ids(index).CopyTo(ids);

    /// <summary>Does nothing.</summary>
    public override void Dispose()
    {
    }

    private Span<long> Ids(int row) => _ids.AsSpan(_starts[row], _rows[row].Length);
}
