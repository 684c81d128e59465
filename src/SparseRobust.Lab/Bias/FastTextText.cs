using System.Buffers.Text;
using System.Text;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Bias;

/// <summary>fastText's text format: a line "words dimension", then one line per word with its numbers, separated by spaces. Plain or gzipped.</summary>
/// <remarks>Source: the format of the published crawl-300d-2M.vec. Numbers of words that do not occur in the data are not looked at.</remarks>
internal static class FastTextText
{
    private const int LongestVector = 65_536;

    public static WordVectors Read(BiasSource source, IReadOnlySet<string> words, CancellationToken cancellation)
    {
        using var lines = LineReader.Open(source.Path);
        var (count, dimension) = Header(source, lines);
        var vectors = new WordVectors("fasttext", source, dimension, words);
        var wanted = vectors.Keys().GetAlternateLookup<ReadOnlySpan<char>>();
        var read = 0;
        for (; read < count && lines.Read(); read++)
        {
            if (read % 4096 == 0)
                cancellation.ThrowIfCancellationRequested();
            var line = lines.Line.TrimEnd((byte)' ');
            var start = NumbersStart(line, dimension);
            if (start < 0)
                throw WordVectors.Corrupt(source, $"line {lines.Number} has fewer than {dimension} numbers after its word");
            var word = Encoding.UTF8.GetString(line[..start]);
            if (wanted.TryGetValue(word, out var key))
                vectors.Add(key, Numbers(source, lines.Number, line[(start + 1)..], dimension));
        }
        if (read < count || (lines.Read() && !lines.Line.IsEmpty))
            throw WordVectors.Corrupt(source, $"its first line promises {count} words, and there are {(read < count ? read : "more")}");
        return vectors;
    }

    private static (int Count, int Dimension) Header(BiasSource source, LineReader lines)
    {
        var fields = lines.Read() ? Encoding.UTF8.GetString(lines.Line).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return fields.Length == 2 && int.TryParse(fields[0], out var count) && int.TryParse(fields[1], out var dimension) && count > 0 && dimension is > 0 and <= LongestVector
            ? (count, dimension)
            : throw WordVectors.Corrupt(source, $"its first line is not \"words dimension\" (1 to {LongestVector} numbers per word), as fastText writes it");
    }

    // Where the space before the last `dimension` fields is, or -1: a word may itself hold spaces, its numbers may not.
    private static int NumbersStart(ReadOnlySpan<byte> line, int dimension)
    {
        var at = line.Length;
        for (var field = 0; field < dimension && at >= 0; field++)
            at = line[..at].LastIndexOf((byte)' ');
        return at;
    }

    private static float[] Numbers(BiasSource source, int line, ReadOnlySpan<byte> text, int dimension)
    {
        var numbers = new float[dimension];
        foreach (ref var number in numbers.AsSpan())
        {
            var end = text.IndexOf((byte)' ') is var space and >= 0 ? space : text.Length;
            if (!Utf8Parser.TryParse(text[..end], out number, out var used) || used != end)
                throw WordVectors.Corrupt(source, $"line {line} holds \"{Encoding.UTF8.GetString(text[..end])}\" where a number should be");
            text = text[Math.Min(end + 1, text.Length)..];
        }
        return numbers;
    }
}
