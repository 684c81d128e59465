namespace SparseRobust.Lab.Tokenizers;

/// <summary>A stretch of a text: from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Start">Index of the first UTF-16 unit, from 0.</param>
/// <param name="End">Index after the last UTF-16 unit; at least <paramref name="Start"/>.</param>
public readonly record struct TextRange(int Start, int End)
{
    /// <summary>How many UTF-16 units it has.</summary>
    public int Length => End - Start;

    /// <summary>The stretch of a text, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the text.</exception>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, Length);
}
