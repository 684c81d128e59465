using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>The word being read, cleaned and folded.</summary>
internal struct WordBuffer
{
    /// <summary>Longer words become [UNK] whole (the reference's max_input_chars_per_word).</summary>
    public const int LongestWord = 100;

    // Room for the longest word in surrogate pairs.
    private const int Capacity = 2 * LongestWord;

    private UnitArray _units;
    private int _length;
    private int _characters;

    /// <summary>Whether nothing was added since the last <see cref="Clear"/>.</summary>
    public readonly bool IsEmpty => _characters == 0;

    /// <summary>Whether the word has more characters than are kept.</summary>
    public readonly bool IsTooLong => _characters > LongestWord;

    /// <summary>The word, unless too long.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<char> Units => ((ReadOnlySpan<char>)_units)[.._length];

    /// <summary>Adds a unit; the two of a surrogate pair count as one character.</summary>
    public void Add(char unit)
    {
        if (!char.IsLowSurrogate(unit))
            _characters++;
        if (_characters <= LongestWord)
            _units[_length++] = unit;
    }

    /// <summary>Starts the next word.</summary>
    public void Clear() => (_length, _characters) = (0, 0);

    [InlineArray(Capacity)]
    private struct UnitArray
    {
        private char _first;
    }
}
