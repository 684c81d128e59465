namespace SparseRobust.Lab.Tokenizers;

/// <summary>The 256 characters by which a byte-level vocabulary writes bytes, so that a token has no space and no control character in it.</summary>
/// <remarks>Source: GPT-2's bytes_to_unicode: printable bytes (! to ~, U+00A1 to U+00AC, U+00AE to U+00FF) stand for themselves, the others in their order for U+0100 and on.</remarks>
internal static class ByteAlphabet
{
    private static readonly char[] ByByte = Make();

    /// <summary>The character of a byte.</summary>
    public static char Symbol(int value) => ByByte[value];

    private static char[] Make()
    {
        var symbols = new char[256];
        var next = (char)256;
        for (var value = 0; value < symbols.Length; value++)
            symbols[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : next++;
        return symbols;
    }
}
