using System.Globalization;
using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>The two spellings of strings in pickles of protocol 0.</summary>
internal static partial class PickleText
{
    /// <summary>Python's repr of a byte string, as a string with a character for each byte: 'a\x01' or "b".</summary>
    public static string Quoted(string text) =>
        Escape().Replace(text.Length >= 2 && text[0] == text[^1] ? text[1..^1] : text, match => match.Groups["hex"] is { Success: true } hex ? Character(hex.Value) : match.Groups["one"].Value switch
        {
            "n" => "\n",
            "r" => "\r",
            "t" => "\t",
            var other => other,
        });

    /// <summary>Python's raw-unicode-escape: as it stands but for \uXXXX.</summary>
    public static string Unicode(string text) => UnicodeEscape().Replace(text, match => Character(match.Groups["hex"].Value));

    private static string Character(string hex) => ((char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex(@"\\(?:x(?<hex>[0-9a-fA-F]{2})|(?<one>.))")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\\u(?<hex>[0-9a-fA-F]{4})")]
    private static partial Regex UnicodeEscape();
}
