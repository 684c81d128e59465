using System.Text;

namespace SparseRobust.Lab.Bias;

/// <summary>fastText's character n-grams of a word and the bucket each is hashed into.</summary>
/// <remarks>Source: Bojanowski et al. 2017, sec. 3.2, and the published code's hash: 32-bit FNV-1a over the UTF-8 bytes, each byte sign-extended first.</remarks>
/// <param name="buckets">How many buckets there are; 0 when there are no n-grams.</param>
/// <param name="shortest">Fewest characters of an n-gram, the word's marks &lt; and &gt; counted.</param>
/// <param name="longest">Most characters of an n-gram; 0 when there are no n-grams.</param>
internal sealed class FastTextSubwords(int buckets, int shortest, int longest)
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>How many buckets there are.</summary>
    public int Buckets => buckets;

    /// <summary>The buckets, 0 .. <see cref="Buckets"/> - 1, of the n-grams of &lt;word&gt;, by start and then by length; a single mark is no n-gram.</summary>
    public List<int> Of(string word)
    {
        var found = new List<int>();
        if (buckets <= 0)
            return found;
        var text = Encoding.UTF8.GetBytes($"<{word}>");
        for (var start = 0; start < text.Length; start++)
        {
            if (IsContinuation(text[start]))
                continue;
            var end = start;
            for (var length = 1; length <= longest && end < text.Length; length++)
            {
                end++;
                while (end < text.Length && IsContinuation(text[end]))
                    end++;
                var isMark = length == 1 && (start == 0 || end == text.Length);
                if (length >= shortest && !isMark)
                    found.Add((int)(Hash(text.AsSpan(start, end - start)) % (uint)buckets));
            }
        }
        return found;
    }

    /// <summary>The hash of bytes.</summary>
    internal static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = OffsetBasis;
        foreach (var value in bytes)
            hash = unchecked((hash ^ (uint)(sbyte)value) * Prime);
        return hash;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
