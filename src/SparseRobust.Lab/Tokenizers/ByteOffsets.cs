using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Finds where the tokens of a byte-level vocabulary stand in a text: their bytes are counted off along it.</summary>
/// <param name="tokens">The vocabulary; a token has as many bytes as characters.</param>
/// <param name="text">The text as given.</param>
/// <param name="added">Units put before it that are not part of it.</param>
internal sealed class ByteOffsets(IReadOnlyList<string> tokens, string text, int added)
{
    private readonly List<int> _ids = [];
    private readonly List<TextRange> _offsets = [];
    private readonly List<TextRange> _bytes = [];

    /// <summary>Adds the tokens of the word that stands at start .. end - 1 of the text with what was added.</summary>
    public void AddWord(int start, int end, ReadOnlySpan<int> ids)
    {
        _bytes.Clear();
        for (var at = start; at < end;)
            at += AddCharacter(at - added);
        var first = 0;
        foreach (var id in ids)
        {
            var last = first + tokens[id].Length - 1;
            _ids.Add(id);
            _offsets.Add(Trim(new TextRange(_bytes[first].Start, _bytes[last].End)));
            first = last + 1;
        }
    }

    /// <summary>All tokens so far.</summary>
    public TokensWithOffsets ToTokens() => new([.. _ids], [.. _offsets]);

    // Returns how many units the character has.
    private int AddCharacter(int at)
    {
        if (at < 0)
        {
            _bytes.Add(new TextRange(0, 0));
            return 1;
        }
        var (units, bytes) = Rune.TryGetRuneAt(text, at, out var rune) ? (rune.Utf16SequenceLength, rune.Utf8SequenceLength) : (1, Rune.ReplacementChar.Utf8SequenceLength);
        for (var i = 0; i < bytes; i++)
            _bytes.Add(new TextRange(at, at + units));
        return units;
    }

    private TextRange Trim(TextRange range)
    {
        var (start, end) = (range.Start, range.End);
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return start < end ? new TextRange(start, end) : range;
    }
}
