namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A text's places counted in Unicode code points, as Python counts, against UTF-16 units, as .NET counts. Immutable.</summary>
internal sealed class CodePoints
{
    private readonly int _length;

    // Unit index of each code point, and the text's length at the end. Null when every code point is one unit.
    private readonly int[]? _units;

    /// <summary>Counts a text. A lone surrogate is a code point by itself.</summary>
    public CodePoints(string text)
    {
        _length = text.Length;
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        var units = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            units.Add(i);
        _units = [.. units, text.Length];
    }

    /// <summary>The unit index of the code point at an index, the text's length for the index after the last one, or -1 outside the text.</summary>
    public int ToUnit(int codePoint)
    {
        if (_units is null)
            return codePoint >= 0 && codePoint <= _length ? codePoint : -1;
        return codePoint >= 0 && codePoint < _units.Length ? _units[codePoint] : -1;
    }
}
