using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Pieces with the ranges of text they come from.</summary>
internal readonly struct OffsetBuffer() : IPieceSink
{
    private readonly List<int> _ids = [];
    private readonly List<TextRange> _offsets = [];

    // Where each unit of the word being read comes from. Longer than the word itself when that is too long to be kept.
    private readonly List<TextRange> _units = [];

    /// <inheritdoc/>
    public int Count => _ids.Count;

    /// <inheritdoc/>
    public void ReadUnit(int start, int end) => _units.Add(new TextRange(start, end));

    /// <inheritdoc/>
    public void Drop(Rune character, int end)
    {
        if (_units.Count > 0 && Rune.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark)
            _units[^1] = _units[^1] with { End = end };
    }

    /// <inheritdoc/>
    public void AddPiece(int id, int first, int length) => Add(id, first, first + length - 1);

    /// <inheritdoc/>
    public void AddWord(int id) => Add(id, 0, _units.Count - 1);

    /// <inheritdoc/>
    public void CutTo(int count)
    {
        _ids.RemoveRange(count, _ids.Count - count);
        _offsets.RemoveRange(count, _offsets.Count - count);
    }

    /// <inheritdoc/>
    public void EndWord() => _units.Clear();

    /// <summary>The pieces so far.</summary>
    public TokensWithOffsets ToTokens() => new([.. _ids], [.. _offsets]);

    private void Add(int id, int firstUnit, int lastUnit)
    {
        _ids.Add(id);
        _offsets.Add(new TextRange(_units[firstUnit].Start, _units[lastUnit].End));
    }
}
