using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Data;

/// <summary>Undoes what Python's str() makes of a bytes object: b'caf\xc3\xa9' becomes café.</summary>
internal static class PythonBytes
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a byte literal; any other text, and a literal that is not whole or not UTF-8, as it is.</summary>
    public static string Undo(string text)
    {
        if (text.Length < 3 || text[0] != 'b' || text[1] is not ('\'' or '"') || text[^1] != text[1])
            return text;
        var bytes = new List<byte>(text.Length);
        for (var at = 2; at < text.Length - 1;)
        {
            if (Next(text.AsSpan(at, text.Length - 1 - at), quote: text[1], out var length) is not { } value)
                return text;
            bytes.Add(value);
            at += length;
        }
        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }

    // The first byte of what is left, and how many characters stand for it; null when they stand for none.
    private static byte? Next(ReadOnlySpan<char> rest, char quote, out int length)
    {
        length = rest[0] != '\\' ? 1 : rest is ['\\', 'x', ..] ? 4 : 2;
        if (rest.Length < length)
            return null;
        return rest switch
        {
            ['\\', 'x', ..] => byte.TryParse(rest[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null,
            ['\\', 'n', ..] => (byte)'\n',
            ['\\', 'r', ..] => (byte)'\r',
            ['\\', 't', ..] => (byte)'\t',
            ['\\', '\\' or '\'' or '"', ..] => (byte)rest[1],
            ['\\', ..] => null,
            [var plain, ..] => plain != quote && char.IsAscii(plain) ? (byte)plain : null,
            _ => null,
        };
    }
}
