"""Writes src/SparseRobust.Lab/Tokenizers/Decompositions.cs from Python's unicodedata.

    python3 tests/Fixtures/wordpiece/make_decompositions.py > src/SparseRobust.Lab/Tokenizers/Decompositions.cs

Checks on the way that lower-casing and accent stripping commute for every code point, which CharacterFolding relies on.
"""
import textwrap
import unicodedata as u


def strip(text):
    return "".join(c for c in u.normalize("NFD", text) if u.category(c) != "Mn")


def is_hangul(code):
    return 0xAC00 <= code <= 0xD7A3


runs, previous = [], None
for code in range(0x110000):
    char = chr(code)
    if 0xD800 <= code < 0xE000 or is_hangul(code):
        continue
    assert strip(char.lower()) == strip(char).lower(), hex(code)
    if u.normalize("NFD", char) == char or u.category(char) == "Mn":
        continue
    target = ".".join(f"{ord(c):x}" for c in strip(char))
    assert target, hex(code)
    if previous == code - 1:
        runs[-1][1].append(target)
    else:
        runs.append((code, [target]))
    previous = code

text = " ".join(f"{start:x}:{','.join(targets)}" for start, targets in runs)
lines = textwrap.wrap(text.replace(",", ", "), 160)
body = "\n".join("        " + line for line in lines)
print(f'''using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Canonical decompositions (NFD) with the non-spacing marks left out: what remains of a letter when its accents are stripped.</summary>
/// <remarks>string.Normalize leaves text unchanged under InvariantGlobalization, hence this table. Unicode Character Database {u.unidata_version}, by way of
/// Python's unicodedata; written by tests/Fixtures/wordpiece/make_decompositions.py, never by hand. Hangul syllables follow the standard's rule instead.
/// Notation: first code point, a colon, then one target for it and each of its successors; a target of several code points is joined by dots.</remarks>
internal static class Decompositions
{{
    private const string Table = """
{body}
        """;

    /// <summary>Each decomposed code point with what it becomes.</summary>
    public static IReadOnlyDictionary<int, string> WithoutMarks {{ get; }} = Parse();

    private static Dictionary<int, string> Parse()
    {{
        var map = new Dictionary<int, string>();
        var source = 0;
        foreach (var item in Table.Split([' ', ',', '\\n'], StringSplitOptions.RemoveEmptyEntries))
        {{
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
                source = Number(item[..colon]);
            map[source++] = string.Concat(item[(colon + 1)..].Split('.').Select(hex => new Rune(Number(hex)).ToString()));
        }}
        return map;
    }}

    private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}}''')
